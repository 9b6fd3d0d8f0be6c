using BigPanda.Functions.Actions;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.PagerDuty.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>Connects and disconnects PagerDuty. A change counts here at once, on other instances within two minutes; a first connection in seconds.</summary>
public sealed partial class PagerDutyConnection(
    CredentialCache<PagerDutyCredential> credentials, PagerDutyConnectionStore store, PagingPolicySource policies, PagerDutyTarget target,
    ParkedRelease parked, TimeProvider time, ILogger<PagerDutyConnection> logger)
{
    /// <param name="isChanged">False when only what is not secret changes.</param>
    internal async Task ConnectAsync(PagerDutyCredential credential, PagerDutyFacts facts, bool isChanged, CancellationToken cancellationToken)
    {
        // Facts before the keys: storing the keys, which name their facts by the connection id, connects in one step.
        await store.SaveAsync(credential.ConnectionId, facts, cancellationToken);
        if (isChanged) await credentials.ReplaceAsync(credential, null, cancellationToken);
        policies.Expire();
        Log.Connected(logger, credential.EventsBaseUrl, facts.ConnectedBy);
    }

    /// <summary>Sends parked actions and deletes old facts. An outage here leaves the keys connected: the timer sends what is parked.</summary>
    internal Task FinishAsync(string connectionId, CancellationToken cancellationToken) => StorageError.CatchOutageAsync(
        async () =>
        {
            await parked.SendAllAsync(target, cancellationToken);
            await store.DeleteOldAsync(time.GetUtcNow(), connectionId, cancellationToken);
        },
        reason => Log.NotFinished(logger, reason),
        cancellationToken);

    internal async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        await credentials.ReplaceAsync(null, null, cancellationToken);
        policies.Expire();
        await store.DeleteAllAsync(cancellationToken);
        Log.Disconnected(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Actor} connected PagerDuty at {EventsBaseUrl}")]
        public static partial void Connected(ILogger logger, string eventsBaseUrl, string actor);

        [LoggerMessage(2, LogLevel.Information, "PagerDuty was disconnected. Nothing is paged until a routing key is connected")]
        public static partial void Disconnected(ILogger logger);

        [LoggerMessage(
            3, LogLevel.Warning, "PagerDuty is connected, but not all parked actions could be sent. The timer will send them within a minute: {Reason}")]
        public static partial void NotFinished(ILogger logger, string reason);
    }
}
