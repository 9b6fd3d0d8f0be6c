using System.Diagnostics;
using System.Globalization;
using BigPanda.Benchmarks.Load;
using BigPanda.Benchmarks.Servers;
using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Soak;

/// <summary>
/// Sends 100,000 webhooks, each for a new incident, through the whole local host and waits until all are applied: what the process keeps must not grow with
/// what has passed through it.
/// </summary>
internal static class SoakRun
{
    private const int Steps = 20;
    private static readonly LoadPlan Step = new(5_000, TimeSpan.FromMinutes(5));
    private static readonly TimeSpan AppliedWithin = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync("host", folder.Path, cancellationToken);
        Console.WriteLine($"{Machine.Describe()}\n");
        Console.WriteLine($"{"events",10}{"RSS MB",9}{"handles",9}{"threads",9}{"files MB",10}{"log MB",9}{"applied/s",11}{"refused",9}");
        List<SoakFigure> figures = [];
        for (var step = 1; step <= Steps && !cancellationToken.IsCancellationRequested; step++)
        {
            var start = Stopwatch.GetTimestamp();
            var load = LoadGenerator.Run(server.Target, Step);
            await WaitUntilAppliedAsync(server, cancellationToken);
            var figure = SoakFigure.Of(server, Path.Combine(folder.Path, "host", "bus"));
            figures.Add(figure);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{step * Step.Requests,10:N0}{figure.ResidentMb,9:0}{figure.Handles,9}{figure.Threads,9}{figure.FilesMb,10:0.0}{figure.LogMb,9:0.0}"
                + $"{Step.Requests / Stopwatch.GetElapsedTime(start).TotalSeconds,11:0}{load.Failed,9}"));
        }

        Console.WriteLine($"\nload average {Machine.LoadAverage()}");
        return Bar.Print([
            Grown("memory", figure => figure.ResidentMb, 1.2), Grown("handles", figure => figure.Handles, 1.2), Grown("threads", figure => figure.Threads, 1.2),
            Bar.NoMoreThan("the queue's files, write-ahead log included", figures.Max(figure => figure.FilesMb), 100, " MB"),
        ]);

        // The first quarter fills heaps, buffers, pools and the duplicate window.
        Bar Grown(string what, Func<SoakFigure, double> of, double limit) => Bar.NoMoreThan(
            $"{what}: the last quarter's against the second's",
            Statistics.Median(figures.TakeLast(Steps / 4).Select(of)) / Statistics.Median(figures.Skip(Steps / 4).Take(Steps / 4).Select(of)), limit);
    }

    private static async Task WaitUntilAppliedAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (await server.CountWaitingAsync(cancellationToken) > 0)
        {
            if (Stopwatch.GetElapsedTime(start) > AppliedWithin) throw new TimeoutException("The webhooks are not applied.");
            await Task.Delay(Look, cancellationToken);
        }
    }
}
