using Azure;
using Azure.Data.Tables;
using BenchmarkDotNet.Attributes;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Benchmarks.Micro;

/// <summary>Converts an alert to its row and back: JSON and compression.</summary>
public class RowBenchmarks
{
    private readonly Alert _alert;
    private readonly TableEntity _row;

    public RowBenchmarks()
    {
        _alert = AlertLifecycle.Decide(null, Events.Reported(Sample.Published, "1", 0), new AlertPolicy(), DateTimeOffset.UnixEpoch.AddYears(55)).Alert;
        _row = AlertRows.Write(_alert, [], "incident");
        _row.ETag = new ETag("1");
    }

    [Benchmark]
    public object WriteRow() => AlertRows.Write(_alert, [], "incident");

    [Benchmark]
    public object ReadRow() => AlertRows.Read(_row);
}
