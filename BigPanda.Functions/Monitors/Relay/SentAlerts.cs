namespace BigPanda.Functions.Monitors.Relay;

/// <summary>Keeps what BigPanda has accepted: to recognise a repeat, and to say ok in time where no monitor will.</summary>
public sealed class SentAlerts(SentAlertStore sent, MonitorOkStore oks, TimeProvider time)
{
    /// <summary>Whether the alert has not fired again since the ok was made.</summary>
    internal async Task<bool> IsOkDueAsync(RelayedAlert ok, CancellationToken cancellationToken) =>
        ok.OkDue is { } due && await oks.IsDueAsync(ok.SourceId, ok.Identity, due, cancellationToken);

    /// <summary>BigPanda refused it: it would refuse it each time.</summary>
    internal Task ForgetOkAsync(RelayedAlert ok, CancellationToken cancellationToken) => oks.RemoveAsync(ok.SourceId, ok.Identity, cancellationToken);

    internal async Task SaveAsync(RelayedAlert alert, AlertFacts facts, Sending made, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (made is Sending.Accepted accepted) await sent.SaveAsync(alert.SourceId, alert.Identity, facts.Digest, now, accepted.Before, cancellationToken);
        if (made is Sending.Moot || (alert.OkAfter is null && alert.OkDue is null)) return;
        // A repeat is a firing too.
        if (facts.IsOk || alert.OkAfter is not { } after) await oks.RemoveAsync(alert.SourceId, alert.Identity, cancellationToken);
        else await oks.SaveAsync(alert, now + after, cancellationToken);
    }
}
