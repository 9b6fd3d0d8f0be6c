using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Monitors.Connection;

/// <summary>Connects monitors with BigPanda's Alerts API. Accepted keys are used on this instance at once, on others within a minute.</summary>
public sealed partial class MonitorConnections(
    MonitorKeyStore keys, SourceKeyring keyring, AlertsApiClient api, ParkedAlertStore parked, ParkedAlertRelease release,
    [FromKeyedServices(AlertsApiClient.Key)] ApiCalls calls, ILogger<MonitorConnections> logger)
{
    internal async Task<MonitorConnectionView> ReadAsync(string sourceId, CancellationToken cancellationToken)
    {
        var stored = await keyring.RefreshAsync(sourceId, cancellationToken);
        var history = stored is null ? CallHistory.None : await calls.ReadAsync(stored.Credential.ConnectionId, cancellationToken);
        var waiting = await parked.CountAsync(sourceId, cancellationToken);
        var hold = await parked.FindHoldAsync(sourceId, cancellationToken);
        return MonitorConnectionView.Of(stored, history, waiting.Alerts, waiting.Oldest, hold?.Reason);
    }

    internal Task<ApiOutcome> CheckAsync(SourceKeys candidate, CancellationToken cancellationToken) => api.CheckAsync(candidate, cancellationToken);

    /// <returns>False when there is no room for another source's keys.</returns>
    internal async Task<bool> StoreAsync(string sourceId, SourceKeys accepted, CancellationToken cancellationToken)
    {
        if (!await keys.ChangeAsync(sourceId, accepted, cancellationToken)) return false;
        Log.Connected(logger, sourceId, accepted.ApiBaseUrl);
        return true;
    }

    /// <summary>Sends parked alerts. An outage here leaves the keys stored: the timer sends what is parked.</summary>
    internal Task ReleaseAsync(string sourceId, CancellationToken cancellationToken) => StorageError.CatchOutageAsync(
        () => release.ReleaseAsync(sourceId, cancellationToken), reason => Log.NotReleased(logger, sourceId, reason), cancellationToken);

    internal async Task RemoveAsync(string sourceId, CancellationToken cancellationToken)
    {
        await keys.ChangeAsync(sourceId, null, cancellationToken);
        Log.Disconnected(logger, sourceId);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Source {SourceId}: connected with BigPanda's Alerts API at {ApiBaseUrl}")]
        public static partial void Connected(ILogger logger, string sourceId, string apiBaseUrl);

        [LoggerMessage(2, LogLevel.Information, "Source {SourceId}: its keys were deleted. Its alerts are parked until keys are stored")]
        public static partial void Disconnected(ILogger logger, string sourceId);

        [LoggerMessage(
            3, LogLevel.Warning, "Source {SourceId}: the keys are stored, but its parked alerts could not be sent. The timer will send them: {Reason}")]
        public static partial void NotReleased(ILogger logger, string sourceId, string reason);
    }
}
