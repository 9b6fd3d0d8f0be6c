using BigPanda.LocalHost.Bus;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Runs one pump per queue function, with host.json's settings.</summary>
internal sealed partial class QueuePumps(EmbeddedBus bus, IServiceScopeFactory scopes, ILogger<QueuePumps> logger) : IAsyncDisposable
{
    private static readonly TimeSpan StopGracePeriod = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start(IReadOnlyList<QueueFunction> functions, HostJson hostJson)
    {
        var options = new SessionPumpOptions
        {
            MaxConcurrentSessions = hostJson.MaxConcurrentSessions,
            SessionIdleTimeout = hostJson.SessionIdleTimeout ?? TimeSpan.FromMinutes(1),
            MaxAutoLockRenewalDuration = hostJson.MaxAutoLockRenewalDuration,
            AutoCompleteMessages = hostJson.AutoCompleteMessages,
            StopGracePeriod = StopGracePeriod,
        };
        _running = Task.WhenAll(functions.Select(function => PumpAsync(function, options)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task PumpAsync(QueueFunction function, SessionPumpOptions options)
    {
        try
        {
            await bus.RunSessionsAsync(
                function.Queue,
                options,
                async (message, actions, cancellationToken) =>
                {
                    await using var scope = scopes.CreateAsyncScope();
                    await function.Invoke(scope.ServiceProvider, message, actions, cancellationToken);
                },
                _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // How a pump ends when stopped.
        }
        catch (Exception failure)
        {
            Log.PumpEnded(logger, failure, function.Name, function.Queue);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "The pump of {Queue} failed: function {Function} gets no more messages. Restart the local host")]
        public static partial void PumpEnded(ILogger logger, Exception failure, string function, string queue);
    }
}
