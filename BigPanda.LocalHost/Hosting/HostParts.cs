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
    public WebApplication? App { get; set; }
    public BigPandaSimulator? Simulator { get; set; }
    public PagerDutySimulator? PagerDuty { get; set; }
    public Timers? Timers { get; set; }
    public QueuePumps? Pumps { get; set; }

    public async ValueTask DisposeAsync()
    {
        var logger = Loggers?.CreateLogger<HostParts>();
        // First new work, then running work, then the services that it uses.
        await StepAsync("HTTP", App is { } app ? () => app.StopAsync() : null, logger);
        await Task.WhenAll(
            StepAsync("timers", Timers is { } timers ? () => timers.DisposeAsync().AsTask() : null, logger),
            StepAsync("queue pumps", Pumps is { } pumps ? () => pumps.DisposeAsync().AsTask() : null, logger));
        await StepAsync("simulated PagerDuty", PagerDuty is { } pagerDuty ? () => pagerDuty.DisposeAsync().AsTask() : null, logger);
        await StepAsync("simulator", Simulator is { } simulator ? () => simulator.DisposeAsync().AsTask() : null, logger);
        await StepAsync("tables", Azurite is { } azurite ? () => azurite.StopAsync(CancellationToken.None) : null, logger, LongestAzurite);
        // The bus holds the data folder's lock: no other host may start on it before the tables are on disk.
        await StepAsync("bus", Bus is { } bus ? () => bus.DisposeAsync().AsTask() : null, logger);
        await StepAsync("services", App is { } services ? () => services.DisposeAsync().AsTask() : null, logger);
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
