using BenchmarkDotNet.Attributes;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Benchmarks.Micro;

/// <summary>Validation must stay linear up to the largest accepted body.</summary>
public class LargeBodyBenchmarks
{
    private byte[] _body = [];

    [Params(64 * 1024, 512 * 1024, 8 * 1024 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void MakeBody() => _body = Sample.OfSize(Bytes);

    [Benchmark]
    public bool Scan() => IncidentScanner.TryScan(_body, out _, out _);
}
