using System.Globalization;
using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Intake;

/// <summary>Runs all servers in turn, several times, so that other load on the machine affects all of them.</summary>
internal static class IntakeRun
{
    private const int Rounds = 3;

    public static async Task<int> RunAsync(string[] only, CancellationToken cancellationToken)
    {
        var targets = IntakeTarget.All.Where(target => only.Length == 0 || only.Contains(target.Server)).ToArray();
        var figures = targets.ToDictionary(target => target.Server, _ => new List<IntakeFigure>());
        Console.WriteLine($"{Machine.Describe()}\n32 connections, each request a {Sample.Published.Length}-byte webhook of a new incident\n");
        Console.WriteLine(Header);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var target in targets)
            {
                var figure = await IntakeRound.RunAsync(target, cancellationToken);
                figures[target.Server].Add(figure);
                Console.WriteLine(Row(target, [figure]));
            }
        }

        Console.WriteLine("\nMedians");
        Console.WriteLine(Header);
        foreach (var target in targets) Console.WriteLine(Row(target, figures[target.Server]));
        return Bar.Print(IntakeBars.Of(figures));
    }

    private static string Header => $"{"",-32}{"req/s",10}{"p50 ms",9}{"p99 ms",9}{"CPU us",9}{"RSS MB",9}{"refused",9}{"others",9}";

    private static string Row(IntakeTarget target, IReadOnlyList<IntakeFigure> figures)
    {
        var refused = figures.Sum(figure => figure.Load.Failed);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{target.What,-32}{Of(f => f.Load.PerSecond),10:N0}{Of(f => f.Load.P50),9:0.00}{Of(f => f.Load.P99),9:0.00}" +
            $"{Of(f => f.CpuMicros),9:0.0}{Of(f => f.ResidentMegabytes),9:0}{refused,9}{Of(f => f.Others ?? double.NaN),9:0%}");

        double Of(Func<IntakeFigure, double> value) => Statistics.Median(figures.Select(value));
    }
}
