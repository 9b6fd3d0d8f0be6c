using System.Collections.Concurrent;
using System.Diagnostics;
using BigPanda.Functions.Messaging;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Benchmarks.Apply;

/// <summary>Applies the queued events, as the local host does.</summary>
internal static class AppApplier
{
    public static async Task<ApplyFigure> RunAsync(ApplyBench bench, int events, CancellationToken cancellationToken)
    {
        await using var pumps = new QueuePumps(bench.Bus, bench.Services.GetRequiredService<IServiceScopeFactory>(), NullLogger<QueuePumps>.Instance);
        var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        pumps.Start(ApplyBench.Functions, ApplyBench.HostJson);
        await bench.Bus.WhenIdleAsync(Queues.AlertEvents, cancellationToken);
        return new ApplyFigure(events, Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - cpu);
    }

    /// <summary>Applies the queued events and counts the table calls of each.</summary>
    public static async Task<IReadOnlyCollection<TableCalls.Trace>> ObserveAsync(ApplyBench bench, CancellationToken cancellationToken)
    {
        var traces = new ConcurrentBag<TableCalls.Trace>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pump = bench.Bus.RunSessionsAsync(
            Queues.AlertEvents,
            new SessionPumpOptions { MaxConcurrentSessions = ApplyBench.HostJson.MaxConcurrentSessions },
            async (message, actions, handling) =>
            {
                traces.Add(TableCalls.Begin());
                await ApplyBench.Functions[0].Invoke(bench.Services, message, actions, handling);
            },
            stop.Token);
        await bench.Bus.WhenIdleAsync(Queues.AlertEvents, cancellationToken);
        await stop.CancelAsync();
        await pump;
        return traces;
    }
}
