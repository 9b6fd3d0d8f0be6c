using BigPanda.LocalHost.Azurite;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.PagerDuty;

namespace BigPanda.LocalHost.Hosting;

/// <summary>The started parts, and the order to stop them in: a start that fails half-way leaves nothing running.</summary>
internal sealed partial class HostParts : IAsyncDisposable
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    // Azurite is killed after separate limits; a shorter wait here would leave it running.
    private static readonly TimeSpan LongestAzurite = TimeSpan.FromSeconds(15);

    public ILoggerFactory? Loggers { get; set; }
    public LoopbackPort? Port { get; set; }
    public EmbeddedBus? Bus { get; set; }
    public AzuriteProcess? Azurite { get; set; }
    public BigPandaSimulator? Simulator { get; set; }
    public PagerDutySimulator? PagerDuty { get; set; }

    /// <summary>Usually one.</summary>
    public List<AppInstance> Instances { get; } = [];

    public async ValueTask DisposeAsync()
    {
        var logger = Loggers?.CreateLogger<HostParts>();
        // First new work, then running work, then the services that it uses.
        await Task.WhenAll(Instances.Select(instance => StepAsync("HTTP", instance.StopHttpAsync, logger)));
        await Task.WhenAll(Instances.SelectMany(instance => new[]
        {
            StepAsync("timers", () => instance.Timers.DisposeAsync().AsTask(), logger),
            StepAsync("queue pumps", instance.Pumps is { } pumps ? () => pumps.DisposeAsync().AsTask() : null, logger),
        }));
        await StepAsync("simulated PagerDuty", PagerDuty is { } pagerDuty ? () => pagerDuty.DisposeAsync().AsTask() : null, logger);
        await StepAsync("simulator", Simulator is { } simulator ? () => simulator.DisposeAsync().AsTask() : null, logger);
        await StepAsync("tables", Azurite is { } azurite ? () => azurite.StopAsync(CancellationToken.None) : null, logger, LongestAzurite);
        // The bus holds the data folder's lock: no other host may start on it before the tables are on disk.
        await StepAsync("bus", Bus is { } bus ? () => bus.DisposeAsync().AsTask() : null, logger);
        foreach (var instance in Instances)
            await StepAsync("services", () => instance.DisposeAsync().AsTask(), logger);
        Port?.Dispose();
        Loggers?.Dispose();
    }

    private static async Task StepAsync(string part, Func<Task>? stop, ILogger? logger, TimeSpan? longest = null)
    {
        if (stop is null)
            return;

        try
        {
            await stop().WaitAsync(longest ?? LongestStep, TimeProvider.System);
        }
        catch (Exception failure)
        {
            // Stop the other parts as well.
            if (logger is not null)
                Log.NotStopped(logger, failure, part);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Stopping {Part} failed")]
        public static partial void NotStopped(ILogger logger, Exception failure, string part);
    }
}
