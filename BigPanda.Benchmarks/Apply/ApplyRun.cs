using System.Diagnostics;
using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Messaging;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Benchmarks.Apply;

/// <summary>Events applied through queue, pump and function, against a bare client that makes the same calls of the same tables, by turns.</summary>
internal static class ApplyRun
{
    private const int Incidents = 2000;
    private const int Rounds = 3;

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        await using var host = await BenchHost.StartAsync(folder.Path, cancellationToken);
        using var calls = new TableCalls(host.Azurite.Port);
        var bare = new BareTables(host.Azurite.ConnectionString);
        Console.WriteLine($"{Machine.Describe()}\n{Incidents} incidents a round, one event each\n");

        List<double> applied = [], same = [];
        await ApplyAsync(host, cancellationToken);
        for (var round = 0; round < Rounds; round++)
        {
            calls.Reset();
            applied.Add(await ApplyAsync(host, cancellationToken));
            Console.WriteLine($"applied {applied[^1]:N0}/s, {(double)calls.Count / Incidents:0.00} table calls an event");
            same.Add(await bare.RunAsync(Incidents, cancellationToken));
            Console.WriteLine($"bare    {same[^1]:N0}/s");
        }

        Bar.Print([Bar.AtLeast("applying against a bare client making the same calls", Statistics.Median(applied) / Statistics.Median(same), 0.8)]);
        return 0;
    }

    /// <returns>Events a second, from the first message sent to the last one settled.</returns>
    private static async Task<double> ApplyAsync(LocalFunctionsHost host, CancellationToken cancellationToken)
    {
        var sender = host.Services.GetRequiredService<MessageSender>();
        var bodies = host.Services.GetRequiredService<MessageBodies>();
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Incidents, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken }, async (_, ct) =>
        {
            var id = Sample.NextId();
            var body = Sample.Of(id);
            var message = AlertEventMessages.OfDelivery(id, MessageIdentity.OfDelivery(host.SourceId, body, out var _), host.SourceId, DateTimeOffset.UnixEpoch.AddYears(56));
            await bodies.PackAsync(message, body, ct);
            await sender.SendAsync(Queues.AlertEvents, message, ct);
        });
        await host.Bus.WhenIdleAsync(Queues.AlertEvents, cancellationToken);
        return Incidents / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
