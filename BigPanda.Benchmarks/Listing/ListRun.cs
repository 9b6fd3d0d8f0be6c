using System.Diagnostics;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Benchmarks.Listing;

/// <summary>Measures listing firing alerts, without and with many thousands of resolved alerts.</summary>
internal static class ListRun
{
    private const int Firing = 100;
    private const int Resolved = 50_000;
    private const int Requests = 100;

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        await using var host = await BenchHost.StartAsync(folder.Path, cancellationToken);
        Console.WriteLine($"{Machine.Describe()}\n{Firing} firing alerts; medians of {Requests} requests\n");
        await FillAsync(host, Firing, IncidentEvents.New, cancellationToken);

        var before = await MeasureAsync(host, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        await FillAsync(host, Resolved, IncidentEvents.Closed, cancellationToken);
        Console.WriteLine($"{Resolved:N0} resolved alerts written in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        var after = await MeasureAsync(host, cancellationToken);

        Console.WriteLine($"firing: {before.Firing:0.0} ms alone, {after.Firing:0.0} ms with {Resolved:N0} resolved");
        Console.WriteLine($"all:    {before.All:0.0} ms alone, {after.All:0.0} ms");
        return Bar.Print([Bar.NoMoreThan("listing firing alerts with resolved ones against without", after.Firing / before.Firing, 2)]);
    }

    private static async Task<(double Firing, double All)> MeasureAsync(LocalFunctionsHost host, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = host.BaseUrl, DefaultRequestHeaders = { { "x-functions-key", host.FunctionKey } } };
        return (await MedianAsync("api/alerts?status=firing"), await MedianAsync("api/alerts"));

        async Task<double> MedianAsync(string path)
        {
            List<double> times = [];
            for (var i = 0; i < Requests; i++)
            {
                var start = Stopwatch.GetTimestamp();
                (await http.GetAsync(path, cancellationToken)).EnsureSuccessStatusCode();
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return Statistics.Median(times);
        }
    }

    private static Task FillAsync(LocalFunctionsHost host, int count, string evt, CancellationToken cancellationToken)
    {
        var (store, index) = (host.Services.GetRequiredService<AlertStore>(), host.Services.GetRequiredService<AlertIndex>());
        var reported = Events.Reported(Sample.Published, "fill", 0);
        return Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (i, ct) =>
        {
            var incident = reported.Incident with
            {
                Id = Sample.NextId(),
                Active = evt != IncidentEvents.Closed,
                Events = [new IncidentEvent(evt, reported.Incident.ChangedOn)],
            };
            var decision = AlertLifecycle.Decide(
                null, reported with { Incident = incident, IncidentId = incident.Id }, DateTimeOffset.UnixEpoch.AddYears(56).AddMilliseconds(i));
            await store.SaveAsync(null, decision, ct);
            await index.WriteAsync(decision.Alert, ct);
        });
    }
}
