using System.Diagnostics;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>
/// Takes monitors' alerts from the queue to BigPanda, in order for each identity: its messages come one at a time, and while one of its alerts is parked, the
/// next ones are parked behind it. See docs/decisions/0011-relaying-monitors-alerts.md.
/// </summary>
public sealed partial class AlertRelay(
    AlertSender sender, SourceKeyring keyring, SourceStore sources, ParkedAlertStore parked, ParkedAlertRelease release, SentAlerts sent, SendingPlaces places,
    AppMetrics metrics, TimeProvider time, ILogger<AlertRelay> logger)
{
    /// <param name="settle">Settles the message by the result of the work that it is given.</param>
    internal async Task RunAsync(Func<Func<Delivery, CancellationToken, Task<Disposition>>, Task> settle)
    {
        using var limit = new WaitLimit(time);
        // Kept across the retries of an outage: BigPanda must not be called a second time because the result could not be stored.
        Sending? made = null;
        await settle(async (received, cancellationToken) =>
        {
            var relayed = Relayed.Of(received);
            var hold = await parked.FindHoldAsync(relayed.SourceId, cancellationToken);
            if (made is null)
            {
                if (await FindWayAsync(relayed, received, hold, cancellationToken) is { } settled) return settled;
                made = await TryAsync(relayed, hold, limit, cancellationToken);
            }

            var disposition = await ConcludeAsync(relayed, received, made, hold, cancellationToken);
            Report(relayed, made);
            return disposition;
        });
    }

    /// <summary>Keeps an alert behind those of its identity that are parked.</summary>
    /// <returns>How the message is settled without a call; null when it is the alert's turn.</returns>
    private async Task<Disposition?> FindWayAsync(Relayed relayed, Delivery received, SourceHold? hold, CancellationToken cancellationToken)
    {
        var first = hold is null ? null : await FindFirstAsync(relayed, received, cancellationToken);
        if (relayed.IsParked)
        {
            // It was sent, or an earlier one has to be sent before: another copy is on its way.
            if (first?.Number != relayed.Number) return Disposition.Complete;
            return first.Refusal is { } refusal ? new Disposition.DeadLettered(DeadLetterReasons.AlertRefused, refusal) : null;
        }

        if (first is null) return null;
        await ParkAsync(relayed, cancellationToken);
        ReportParked(relayed, "behind an earlier one");
        return Disposition.Complete;
    }

    /// <summary>The identity's first parked alert. Those that BigPanda refused are gone: their messages were settled before this one came.</summary>
    private async Task<ParkedAlert?> FindFirstAsync(Relayed relayed, Delivery received, CancellationToken cancellationToken)
    {
        while (await parked.FindFirstAsync(relayed.SourceId, relayed.Identity, cancellationToken) is { } first)
        {
            var isRepeated = relayed.IsParked && first.Number == relayed.Number && received.MayHaveRun;
            if (first.Refusal is null || isRepeated) return first;
            await parked.RemoveAsync(first, cancellationToken);
            // The copy that was sent after the refusal is this one: the next alert follows it.
            if (relayed.IsParked && first.Number == relayed.Number) await release.ContinueAsync(relayed.SourceId, relayed.Identity, cancellationToken);
        }

        return null;
    }

    private async Task<Sending> TryAsync(Relayed relayed, SourceHold? hold, WaitLimit limit, CancellationToken cancellationToken)
    {
        if (await sent.FindObjectionAsync(relayed.Alert, cancellationToken) is { } objection) return new Sending.Moot(objection);
        var keys = await keyring.FindAsync(relayed.SourceId, cancellationToken);
        while (true)
        {
            if (keys is null) return await FindOwnerAsync(relayed.SourceId, cancellationToken);
            if (hold?.Blocks(keys.Id, time.GetUtcNow()) == true) return new Sending.Waits(hold.Reason ?? "the source's alerts wait");
            if (hold?.Refused is null) places.Allow(relayed.SourceId);
            using var place = places.TryEnter(relayed.SourceId);
            if (place is null) return new Sending.Waits("enough alerts of the source wait for their turn");
            var made = await sender.SendAsync(relayed.Alert, relayed.Facts, keys, place, limit, cancellationToken);
            if (made is not Sending.KeysRefused || places.IsRefused(relayed.SourceId, keys.Id)) return made;
            var current = await keyring.RefreshAsync(relayed.SourceId, cancellationToken);
            if (current?.Id == keys.Id) return made;
            keys = current;
        }
    }

    /// <summary>For an alert without keys: parked, except when its source was deleted, which takes its alerts with it.</summary>
    private async Task<Sending> FindOwnerAsync(string sourceId, CancellationToken cancellationToken) =>
        await sources.FindKindAsync(sourceId, cancellationToken) is { Exists: true }
            ? new Sending.KeysRefused("the source has no keys", SourceHold.Missing)
            : new Sending.Moot("the source was deleted: not sent");

    private async Task<Disposition> ConcludeAsync(
        Relayed relayed, Delivery received, Sending made, SourceHold? hold, CancellationToken cancellationToken)
    {
        switch (made)
        {
            case Sending.Accepted or Sending.Repeated or Sending.Moot:
                await FinishAsync(relayed, made, hold, cancellationToken);
                return Disposition.Complete;
            case Sending.Refused:
                if (relayed.IsParked) await parked.SaveAsync(relayed.Parked with { Refusal = made.Detail }, cancellationToken);
                if (relayed.Alert.OkDue is not null) await sent.ForgetOkAsync(relayed.Alert, cancellationToken);
                await ContinueAsync(relayed, hold, cancellationToken);
                return new Disposition.DeadLettered(DeadLetterReasons.AlertRefused, made.Detail);
            case Sending.KeysRefused refused:
                places.Refuse(relayed.SourceId, refused.Keys);
                await ParkAsync(relayed, cancellationToken);
                await BlockAsync(relayed.SourceId, refused, cancellationToken);
                return Disposition.Complete;
            case Sending.Waits waits:
                await ParkAsync(relayed, cancellationToken);
                if (waits.Rest is { } rest) await RestAsync(relayed.SourceId, made.Detail, rest, cancellationToken);
                return Disposition.Complete;
            case Sending.Superseded:
                return received.Release();
            default:
                throw new UnreachableException($"No rule for {made}.");
        }
    }

    private async Task FinishAsync(Relayed relayed, Sending made, SourceHold? hold, CancellationToken cancellationToken)
    {
        await sent.SaveAsync(relayed.Alert, relayed.Facts, made, cancellationToken);
        if (relayed.IsParked) await parked.RemoveAsync(relayed.Parked, cancellationToken);
        await ContinueAsync(relayed, hold, cancellationToken);
    }

    /// <summary>The alert's place is free for one that is parked.</summary>
    private Task ContinueAsync(Relayed relayed, SourceHold? hold, CancellationToken cancellationToken) =>
        hold is null && !places.HasParked(relayed.SourceId)
            ? Task.CompletedTask
            : release.ContinueAsync(relayed.SourceId, relayed.Identity, cancellationToken);

    /// <summary>
    /// An alert that is parked already keeps its row and its place. An ok that is due has its own row, from which the timer sends it again; a replayed one has
    /// lost that.
    /// </summary>
    private async Task ParkAsync(Relayed relayed, CancellationToken cancellationToken)
    {
        if (relayed.IsParked || relayed.WaitsInItsRow) return;
        await parked.AddAsync(relayed.Parked, cancellationToken);
        places.SetParked(relayed.SourceId, true);
    }

    /// <summary>The hold is read again: it may have changed in the minutes that the alert waited.</summary>
    private async Task BlockAsync(string sourceId, Sending.KeysRefused refused, CancellationToken cancellationToken)
    {
        var hold = await parked.FindHoldAsync(sourceId, cancellationToken);
        if (hold?.Refused == refused.Keys) return;
        var now = time.GetUtcNow();
        var refusals = (hold?.Refusals ?? 0) + 1;
        await parked.SaveAsync(
            SourceHold.Begin(sourceId, hold) with
            {
                Refused = refused.Keys,
                Reason = refused.Detail,
                NotBefore = now + SourceHold.RestAfter(refusals),
                Refusals = refusals,
            },
            cancellationToken);
        Log.Blocked(logger, sourceId, refused.Detail);
    }

    /// <inheritdoc cref="BlockAsync"/>
    private async Task RestAsync(string sourceId, string reason, TimeSpan rest, CancellationToken cancellationToken)
    {
        var hold = await parked.FindHoldAsync(sourceId, cancellationToken);
        var resting = SourceHold.Begin(sourceId, hold) with { Reason = reason, NotBefore = time.GetUtcNow() + rest };
        await parked.SaveAsync(resting, cancellationToken);
    }

    /// <summary>The last step: those before it are taken again after each outage.</summary>
    private void Report(Relayed relayed, Sending made)
    {
        switch (made)
        {
            case Sending.Accepted or Sending.Repeated or Sending.Moot:
                sent.Count(relayed.Alert, relayed.Facts, made);
                Count(relayed, OutcomeOf(made));
                if (made is Sending.Accepted) metrics.RecordLag("relay", time.GetUtcNow() - relayed.Alert.ReceivedAt);
                Log.Done(logger, relayed.SourceId, relayed.MessageId, made.Detail);
                break;
            case Sending.Refused:
                Count(relayed, "refused");
                Log.Refused(logger, relayed.SourceId, relayed.MessageId, made.Detail);
                break;
            case Sending.KeysRefused or Sending.Waits:
                ReportParked(relayed, made.Detail);
                break;
        }
    }

    private void ReportParked(Relayed relayed, string reason)
    {
        if (relayed.WaitsInItsRow) return;
        if (!relayed.IsParked) Count(relayed, "parked");
        Log.Parked(logger, relayed.SourceId, relayed.MessageId, reason);
    }

    private void Count(Relayed relayed, string outcome) => metrics.CountMonitorAlert(relayed.SourceId, outcome);

    private static string OutcomeOf(Sending made) => made switch
    {
        Sending.Accepted { IsDuplicate: true } => "duplicate",
        Sending.Accepted => "sent",
        Sending.Repeated => "repeated",
        _ => "moot",
    };

    /// <summary>A message's alert, and its place among those of its identity.</summary>
    private sealed record Relayed(RelayedAlert Alert, AlertFacts Facts, long Number, string MessageId)
    {
        public string SourceId => Alert.SourceId;

        public string Identity => Alert.Identity;

        /// <summary>It has a row: the message is a copy.</summary>
        public bool IsParked => Alert.ParkedAs is not null;

        /// <summary>An ok that is due.</summary>
        public bool WaitsInItsRow => Alert is { OkDue: not null, IsReplay: false };

        public ParkedAlert Parked => new(Alert, Number);

        public static Relayed Of(Delivery received)
        {
            var alert = RelayMessages.Read(received.Message);
            return new Relayed(alert, AlertFacts.Read(alert.Json), alert.ParkedAs ?? received.Message.SequenceNumber, received.Message.MessageId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Source {SourceId}, alert {MessageId}: {Detail}")]
        public static partial void Done(ILogger logger, string sourceId, string messageId, string detail);

        [LoggerMessage(2, LogLevel.Information, "Source {SourceId}, alert {MessageId} is parked: {Reason}")]
        public static partial void Parked(ILogger logger, string sourceId, string messageId, string reason);

        [LoggerMessage(
            3, LogLevel.Error,
            "Source {SourceId}: BigPanda refused alert {MessageId}, which is in the dead-letter queue. Correct what the monitor sends: {Detail}")]
        public static partial void Refused(ILogger logger, string sourceId, string messageId, string detail);

        [LoggerMessage(
            4, LogLevel.Error,
            "Source {SourceId}: its alerts are parked until BigPanda accepts its keys. Store valid ones with PUT /monitors/{SourceId}/connection: {Detail}")]
        public static partial void Blocked(ILogger logger, string sourceId, string detail);
    }
}
