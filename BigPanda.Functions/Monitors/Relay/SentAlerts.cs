using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Sources.Traffic;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>Keeps what BigPanda has accepted: to recognise a repeat, and to say ok in time where no monitor will.</summary>
public sealed class SentAlerts(SentAlertStore sent, MonitorOkStore oks, SourceCatalog catalog, TimeProvider time)
{
    /// <summary>The queues' time to live. What BigPanda has accepted is known for a day longer.</summary>
    private static readonly TimeSpan ReplayedWithin = TimeSpan.FromDays(14);

    /// <summary>How long what BigPanda has accepted is known.</summary>
    internal static readonly TimeSpan KeptFor = ReplayedWithin + TimeSpan.FromDays(1);

    /// <summary>Why the alert is no longer to be sent; null while it is.</summary>
    internal async Task<string?> FindObjectionAsync(RelayedAlert alert, CancellationToken cancellationToken)
    {
        if (alert.OkDue is { } due)
        {
            var current = await oks.FindDueAsync(alert.SourceId, alert.Identity, cancellationToken);
            // The time of an ok that BigPanda has refused is gone.
            if (current is null ? !alert.IsReplay : current != due) return "the alert fired again: no ok is sent";
        }

        return alert.IsReplay ? await FindNewerAsync(alert, cancellationToken) : null;
    }

    /// <summary>A replay must not put an old state in the place of a newer one.</summary>
    private async Task<string?> FindNewerAsync(RelayedAlert alert, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - alert.ReceivedAt > ReplayedWithin)
            return $"it is older than {ReplayedWithin.TotalDays} days: whether a newer one was sent is not known any more";
        return (await sent.FindAsync(alert.SourceId, alert.Identity, cancellationToken))?.ReceivedAt > alert.ReceivedAt
            ? "BigPanda has accepted a newer alert of the same identity since"
            : null;
    }

    /// <summary>BigPanda refused it: it would refuse it each time.</summary>
    internal Task ForgetOkAsync(RelayedAlert ok, CancellationToken cancellationToken) => oks.RemoveAsync(ok.SourceId, ok.Identity, cancellationToken);

    internal async Task SaveAsync(RelayedAlert alert, AlertFacts facts, Sending made, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (made is Sending.Accepted accepted) await sent.SaveAsync(alert, accepted.Sent, now, accepted.Before, cancellationToken);
        else if (made is Sending.Repeated repeated) await sent.MoveAsync(alert, repeated.Before, cancellationToken);
        if (made is Sending.Moot || (alert.OkAfter is null && alert.OkDue is null)) return;
        // A repeat is a firing too.
        if (facts.IsOk || alert.OkAfter is not { } after) await oks.RemoveAsync(alert.SourceId, alert.Identity, cancellationToken);
        else await oks.SaveAsync(alert with { IsReplay = false }, now + after, cancellationToken);
    }

    /// <summary>For the notices about the source.</summary>
    internal void Count(RelayedAlert alert, AlertFacts facts, Sending made)
    {
        if (made is Sending.Moot || catalog.SourceOf(alert.SourceId) is null) return;
        var isRepeat = made is Sending.Repeated or Sending.Accepted { IsDuplicate: true };
        var isFired = !facts.IsOk && !isRepeat;
        catalog.Find(alert.SourceId).Traffic.Relayed(new AlertCounts
        {
            All = 1,
            Repeats = One(isRepeat),
            Oks = One(facts.IsOk && alert.OkDue is null),
            Fired = One(isFired),
            Unresolved = One(isFired && alert.OkAfter is null),
            FiredWithoutRunbook = One(isFired && !facts.HasRunbook),
            OnTime = One(made is not Sending.Repeated && time.GetUtcNow() - alert.ReceivedAt <= TimeSpan.FromHours(1)),
        });

        static int One(bool counts) => counts ? 1 : 0;
    }
}
