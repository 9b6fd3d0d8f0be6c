using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Outbound.Credentials;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>Deletes what the relay no longer needs.</summary>
public sealed partial class RelayRetention(
    ParkedAlertStore parked, SentAlertStore sent, [FromKeyedServices(AlertsApiClient.Key)] ApiCalls calls, TimeProvider time, ILogger<RelayRetention> logger)
{
    /// <summary>The queues' time to live.</summary>
    private static readonly TimeSpan ParkedFor = TimeSpan.FromDays(14);

    /// <summary>A run must end well before the function's timeout; the next one takes the rest.</summary>
    private const int MaxAtOnce = 10_000;

    /// <param name="before">The call histories of keys that were not used since are removed.</param>
    internal async Task RunAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await sent.RemoveOlderAsync(now - SentAlerts.KeptFor, MaxAtOnce, cancellationToken);
        var lost = await parked.RemoveOlderAsync(now - ParkedFor, MaxAtOnce, cancellationToken);
        if (lost > 0) Log.Removed(logger, lost);
        await calls.RemoveOldAsync(before, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Deleted {Count} monitors' alerts that BigPanda did not accept within 14 days")]
        public static partial void Removed(ILogger logger, int count);
    }
}
