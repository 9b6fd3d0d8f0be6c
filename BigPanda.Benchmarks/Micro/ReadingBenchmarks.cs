using BenchmarkDotNet.Attributes;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Incidents;

namespace BigPanda.Benchmarks.Micro;

/// <summary>The published webhook: what intake does with it, and what applying does.</summary>
public class ReadingBenchmarks
{
    private readonly byte[] _body = Sample.Published.ToArray();

    [Benchmark]
    public bool ScanPublished() => IncidentScanner.TryScan(_body, out _, out _);

    [Benchmark]
    public object ReadPublished() => IncidentReader.Read(_body);
}
