using BenchmarkDotNet.Attributes;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Benchmarks.Micro;

/// <summary>Reads the published webhook as intake does, and as applying does.</summary>
public class ReadingBenchmarks
{
    private readonly byte[] _body = Sample.Published.ToArray();

    [Benchmark]
    public bool ScanPublished() => IncidentScanner.TryScan(_body, out _, out _);

    [Benchmark]
    public object ReadPublished() => IncidentReader.Read(_body);
}
