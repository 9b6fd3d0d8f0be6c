using BenchmarkDotNet.Reports;
using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Micro;

internal static class MicroBars
{
    public static IReadOnlyList<Bar> Of(IReadOnlyCollection<Summary> summaries)
    {
        var reports = summaries.SelectMany(summary => summary.Reports).ToArray();
        return
        [
            Bar.NoMoreThan("validating the published webhook", Micros("ScanPublished"), 15, " us"),
            Bar.NoMoreThan("allocated for it", Allocated("ScanPublished"), 1024, " bytes"),
            Bar.NoMoreThan("a byte of 8 MiB against a byte of 64 KiB", Micros("Scan", "8388608") / Micros("Scan", "65536") / 128, 1.3),
            Bar.NoMoreThan("deciding about a new incident", Micros("DecideNew"), 5, " us"),
            Bar.NoMoreThan("deciding about an update", Micros("DecideUpdate"), 5, " us"),
            Bar.NoMoreThan("taking a batch of 500 alerts of a monitor", Micros("TakeBatchOf500") / 1000, 50, " ms"),
            Bar.NoMoreThan("planning a page", Micros("PlanPage"), 10, " us"),
            Bar.NoMoreThan("planning its update", Micros("PlanUpdate"), 10, " us"),
            Bar.NoMoreThan("planning that nothing is to be sent", Micros("PlanNothing"), 10, " us"),
        ];

        double Micros(string method, string? parameter = null) => Find(method, parameter)?.ResultStatistics?.Mean / 1000 ?? double.NaN;
        double Allocated(string method) => Find(method, null) is { } report
            ? report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? double.NaN
            : double.NaN;
        BenchmarkReport? Find(string method, string? parameter) => Array.Find(reports, report =>
            report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method
            && (parameter is null || report.BenchmarkCase.Parameters.Items.Any(item => item.Value?.ToString() == parameter)));
    }
}
