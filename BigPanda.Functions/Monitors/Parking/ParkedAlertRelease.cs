using System.Globalization;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Outbound;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Monitors.Parking;

/// <summary>
/// Sends parked alerts again, in their sessions. A copy of an identity's first alert goes into the queue; when it has been sent, the next one follows, of the
/// same identity or, if that has none, of any other. So as many run as there are places, without a timer between them. The timer only starts them, after an
/// outage or a refusal, and ends the hold when none is left.
/// </summary>
public sealed partial class ParkedAlertRelease(
    ParkedAlertStore parked, SourceKeyring keyring, AlertsApiClient api, SendingPlaces places, MessageSender sender, TimeProvider time,
    ILogger<ParkedAlertRelease> logger)
{
    /// <summary>How many identities are started at once; what has been sent starts others.</summary>
    private const int MaxStarted = 32;

    /// <summary>A copy is started once within this time, which is the queue's duplicate detection: in a long outage copies must not pile up.</summary>
    private static readonly TimeSpan Bucket = TimeSpan.FromMinutes(10);

    /// <summary>For the timer: checks refused keys with BigPanda, and starts what may be sent.</summary>
    /// <returns>What had been waiting.</returns>
    internal async Task<ParkedCount> RunAsync(string sourceId, CancellationToken cancellationToken)
    {
        if (await parked.FindHoldAsync(sourceId, cancellationToken) is not { } hold) return default;
        var waiting = await parked.CountAsync(sourceId, cancellationToken);
        if (await FindObstacleAsync(hold, cancellationToken) is { } obstacle) Log.StillParked(logger, sourceId, obstacle);
        else await StartAsync(await ReleaseAsync(hold, cancellationToken), cancellationToken);
        return waiting;
    }

    /// <summary>After new keys were stored and accepted: sends the source's alerts at once.</summary>
    internal async Task ReleaseAsync(string sourceId, CancellationToken cancellationToken)
    {
        if (await parked.FindHoldAsync(sourceId, cancellationToken) is not { } hold) return;
        var released = hold.Released(time.GetUtcNow());
        await parked.SaveAsync(released, cancellationToken);
        await StartAsync(released, cancellationToken);
    }

    /// <summary>Sends the next parked alert: of the identity, else of another one.</summary>
    internal async Task ContinueAsync(string sourceId, string identity, CancellationToken cancellationToken)
    {
        var next = await parked.FindFirstAsync(sourceId, identity, cancellationToken)
            ?? await parked.FindNextAsync(sourceId, ParkedAlertStore.RandomPlace(), cancellationToken)
            ?? await parked.FindNextAsync(sourceId, ParkedAlertStore.FirstPlace, cancellationToken);
        if (next is null) places.SetParked(sourceId, false);
        else await sender.SendAsync(Queues.BigPandaAlerts, RelayMessages.OfParked(next.Alert, next.Number), cancellationToken);
    }

    /// <returns>Why the alerts stay parked; null when they may be sent.</returns>
    private async Task<string?> FindObstacleAsync(SourceHold hold, CancellationToken cancellationToken)
    {
        if (await keyring.FindAsync(hold.SourceId, cancellationToken) is not { } keys) return "the source has no keys";
        var now = time.GetUtcNow();
        if (!hold.Blocks(keys.Id, now)) return null;
        if (now < hold.NotBefore)
            return string.Create(CultureInfo.InvariantCulture, $"{hold.Reason}; tried again after {hold.NotBefore.UtcDateTime:HH:mm:ss} UTC");
        var outcome = await api.CheckAsync(keys, cancellationToken);
        return outcome.Result == ApiResult.Done ? null : outcome.Detail;
    }

    private async Task<SourceHold> ReleaseAsync(SourceHold hold, CancellationToken cancellationToken)
    {
        if (hold is { Refused: null, Reason: null }) return hold;
        var released = hold.Released(time.GetUtcNow());
        await parked.SaveAsync(released, cancellationToken);
        Log.Released(logger, hold.SourceId);
        return released;
    }

    private async Task StartAsync(SourceHold hold, CancellationToken cancellationToken)
    {
        places.Allow(hold.SourceId);
        var started = new HashSet<string>(StringComparer.Ordinal);
        // From another place each time: what fails again and again must not keep the others from being tried.
        var place = ParkedAlertStore.RandomPlace();
        for (var isSecondRound = false; started.Count < MaxStarted;)
        {
            var next = await parked.FindNextAsync(hold.SourceId, place, cancellationToken);
            if (next is null && isSecondRound) break;
            if (next is null) (place, isSecondRound) = (ParkedAlertStore.FirstPlace, true);
            else if (!started.Add(next.Identity)) break;
            else
            {
                await SendOnceAsync(next, hold, cancellationToken);
                place = ParkedAlertStore.PlaceAfter(next.Identity);
            }
        }

        if (started.Count == 0 && await parked.TryEndAsync(hold, cancellationToken)) places.SetParked(hold.SourceId, false);
    }

    private Task SendOnceAsync(ParkedAlert next, SourceHold hold, CancellationToken cancellationToken)
    {
        var bucket = time.GetUtcNow().UtcTicks / Bucket.Ticks;
        return sender.SendAsync(Queues.BigPandaAlerts, RelayMessages.OfParked(next.Alert, next.Number, $"{hold.Round}|{bucket}"), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Source {SourceId}: its alerts stay parked: {Obstacle}")]
        public static partial void StillParked(ILogger logger, string sourceId, string obstacle);

        [LoggerMessage(2, LogLevel.Information, "Source {SourceId}: its parked alerts are sent again")]
        public static partial void Released(ILogger logger, string sourceId);
    }
}
