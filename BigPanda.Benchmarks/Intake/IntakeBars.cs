using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Intake;

/// <summary>The bars of intake, each relative to an endpoint of the same run.</summary>
internal static class IntakeBars
{
    public static IReadOnlyList<Bar> Of(IReadOnlyDictionary<string, List<IntakeFigure>> figures)
    {
        return
        [
            Bar.AtLeast("local host's intake against the group commit endpoint", Rate("intake") / Rate("fsync"), 0.75) with { IsReportedOnly = true },
            Bar.NoMoreThan("its p99 against that endpoint's", P99("intake") / P99("fsync"), 3),
            Bar.NoMoreThan("its CPU a request", Cpu("intake"), 60, " us"),
            Bar.AtLeast("intake logic against token + parse", Rate("stub") / Rate("parse"), 0.7),
            Bar.NoMoreThan("its CPU a request", Cpu("stub"), 60, " us"),
            Bar.NoMoreThan("local host's memory while it applies", Of("host", figure => figure.ResidentMegabytes), 300, " MB"),
        ];

        double Rate(string server) => Of(server, figure => figure.Load.PerSecond);
        double P99(string server) => Of(server, figure => figure.Load.P99);
        double Cpu(string server) => Of(server, figure => figure.CpuMicros);
        double Of(string server, Func<IntakeFigure, double> value) =>
            Statistics.Median(figures.GetValueOrDefault(server, []).Select(value));
    }
}
