using System.Globalization;
using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Apply;

/// <summary>Runs the app and the bare client alternately, on the same tables.</summary>
internal static class ApplyRun
{
    private const int Rounds = 5;
    private const int Observed = 100;

    public static async Task<int> RunAsync(string[] only, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{Machine.Describe()}\nAzurite in memory, {ApplyBench.HostJson.MaxConcurrentSessions} at once\n");
        Console.WriteLine($"{"",-24}{"app /s",9}{"bare /s",9}{"ratio",8}{"app us",9}{"bare us",9}{"calls",8}{"trips",8}");
        var bars = new List<Bar>();
        foreach (var variant in ApplyVariant.All.Where(variant => only.Length == 0 || only.Contains(variant.Name)))
            bars.AddRange(await RunAsync(variant, cancellationToken));
        return Bar.Print(bars);
    }

    private static async Task<IEnumerable<Bar>> RunAsync(ApplyVariant variant, CancellationToken cancellationToken)
    {
        await using var bench = await ApplyBench.StartAsync(cancellationToken);
        var round = await ApplyRound.PrepareAsync(bench, variant, cancellationToken);
        await round.RunAsync(cancellationToken);
        var traces = await round.ObserveAsync(Observed, cancellationToken);

        var rounds = new List<(ApplyFigure App, ApplyFigure Bare)>();
        for (var i = 0; i < Rounds; i++) rounds.Add(await round.RunAsync(cancellationToken));
        var ratio = Statistics.Median(rounds.Select(pair => pair.App.PerSecond / pair.Bare.PerSecond));
        var (calls, trips) = (traces.Average(trace => trace.Calls), Statistics.Median(traces.Select(trace => (double)trace.RoundTrips)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{variant.What,-24}{Of(pair => pair.App.PerSecond),9:0}{Of(pair => pair.Bare.PerSecond),9:0}{ratio,8:0.00}" +
            $"{Of(pair => pair.App.CpuMicros),9:0}{Of(pair => pair.Bare.CpuMicros),9:0}{calls,8:0.0}{trips,8:0.#}"));
        return
        [
            Bar.AtLeast($"{variant.What}: throughput against a bare client", ratio, 0.8),
            Bar.NoMoreThan($"{variant.What}: round trips to the tables", trips, variant.IsResolve ? 3 : 2),
        ];

        double Of(Func<(ApplyFigure App, ApplyFigure Bare), double> value) => Statistics.Median(rounds.Select(value));
    }
}
