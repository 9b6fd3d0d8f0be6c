using System.Diagnostics;
using System.Globalization;
using BigPanda.Benchmarks.Load;
using BigPanda.Benchmarks.Servers;
using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Start;

/// <summary>Measures from process start to the first 202.</summary>
internal static class StartRun
{
    private const int Rounds = 9;
    private static readonly LoadPlan OneRequest = new(1, TimeSpan.FromSeconds(30), Connections: 1);

    private static readonly (string Server, string What)[] Targets =
    [
        ("parse", "bare Kestrel + token + parse"),
        ("stub", "the app, queue stores nothing"),
        ("host", "local host with Azurite"),
    ];

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var times = Targets.ToDictionary(target => target.Server, _ => new List<(double Time, double Cpu)>());
        Console.WriteLine($"{Machine.Describe()}\n\n{"",-32}{"ms",8}{"CPU ms",8}   medians of {Rounds}");
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (server, _) in Targets) times[server].Add(await StartAsync(server, cancellationToken));
        }

        foreach (var (server, what) in Targets)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{what,-32}{Time(server),8:0}{Statistics.Median(times[server].Select(one => one.Cpu)),8:0}"));
        return Bar.Print([Bar.NoMoreThan("the app's start against bare Kestrel's", Time("stub") / Time("parse"), 1.3)]);

        double Time(string server) => Statistics.Median(times[server].Select(one => one.Time));
    }

    private static async Task<(double Time, double Cpu)> StartAsync(string server, CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        var start = Stopwatch.GetTimestamp();
        await using var process = await ServerProcess.StartAsync(server, folder.Path, cancellationToken);
        var result = LoadGenerator.Run(process.Target, OneRequest);
        if (result.Failed > 0) throw new InvalidOperationException($"The server {server} refused its first webhook.");
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, process.Cpu.TotalMilliseconds);
    }
}
