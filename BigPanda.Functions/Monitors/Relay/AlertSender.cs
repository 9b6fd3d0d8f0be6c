using BigPanda.Functions.Messaging;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>
/// Sends one alert, in its turn, and waits in place while BigPanda is unavailable: the session, and so the order of the identity's alerts, is kept.
/// </summary>
public sealed class AlertSender(AlertsApiClient api, SentAlertStore sent, SendingPlaces places, TimeProvider time, IOptions<MonitorOptions> options)
{
    /// <summary>A lock that is lost at all is lost after a wait; what had been read before that is read again.</summary>
    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan After429 = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestRest = TimeSpan.FromMinutes(1);

    /// <summary>A header that is wrong must not stop a source for days.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    internal async Task<Sending> SendAsync(
        RelayedAlert alert, AlertFacts facts, SourceKeys keys, SendingPlaces.Place place, WaitLimit limit, CancellationToken cancellationToken)
    {
        var before = await sent.FindAsync(alert.SourceId, alert.Identity, cancellationToken);
        if (before is not null && IsRepeat(facts, before)) return new Sending.Repeated(before);
        if (AlertTime.Raise(facts, before) is { } later)
            (alert, facts) = (alert with { Json = AlertFacts.At(alert.Json, later) }, facts with { Timestamp = later });
        var made = await TryAsync(alert, facts, keys, before, place, limit, cancellationToken);
        // What is parked now would be sent after what the other delivery has sent.
        return made is Sending.Waits or Sending.KeysRefused && await IsSupersededAsync(alert, before, limit, cancellationToken)
            ? new Sending.Superseded()
            : made;
    }

    private async Task<Sending> TryAsync(
        RelayedAlert alert, AlertFacts facts, SourceKeys keys, SentAlert? before, SendingPlaces.Place place, WaitLimit limit,
        CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            var outcome = await CallAsync(alert, keys, before, limit, cancellationToken);
            if (Interpret(outcome, facts, keys, before) is { } made) return made;
            var delay = outcome.Status == 429 ? After429 : RetrySchedule.Outage.GetDelay(failures, outcome.RetryAfter, Random.Shared.NextDouble());
            if (!limit.Allows(delay) || place.IsTooMany) return new Sending.Waits(outcome.Detail, RestAfter(outcome));
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private async Task<ApiOutcome> CallAsync(
        RelayedAlert alert, SourceKeys keys, SentAlert? before, WaitLimit limit, CancellationToken cancellationToken)
    {
        try
        {
            var claim = new CallClaim(CallPriority.Normal, limit.Token) { Share = alert.SourceId };
            return await api.SendAsync(claim, keys, alert.Json, FindObjectionAsync, cancellationToken);
        }
        catch (TurnTimeoutException e)
        {
            return new ApiOutcome(ApiResult.NotSent, null, e.Message);
        }

        async Task<string?> FindObjectionAsync(CancellationToken cancellation)
        {
            if (places.IsRefused(alert.SourceId, keys.Id)) return "BigPanda refuses the source's keys";
            return await IsSupersededAsync(alert, before, limit, cancellation) ? "superseded" : null;
        }
    }

    /// <returns>Null for an outage.</returns>
    private static Sending? Interpret(ApiOutcome outcome, AlertFacts facts, SourceKeys keys, SentAlert? before) => outcome.Result switch
    {
        ApiResult.Done => new Sending.Accepted(outcome.Detail, facts, before, outcome.Status == 204),
        ApiResult.NotAllowed or ApiResult.NotFound => new Sending.KeysRefused(outcome.Detail, keys.Id),
        ApiResult.NotSent => new Sending.Waits(outcome.Detail),
        ApiResult.Unavailable => null,
        _ => new Sending.Refused(outcome.Detail),
    };

    /// <summary>A pause after a 429 is the limiter's, and a short one not worth a rest.</summary>
    private static TimeSpan? RestAfter(ApiOutcome outcome) =>
        outcome.Status == 429 || outcome.RetryAfter is not { } asked || asked < ShortestRest ? null : asked < LongestRest ? asked : LongestRest;

    private bool IsRepeat(AlertFacts facts, SentAlert before) =>
        before.Digest == facts.Digest && time.GetUtcNow() - before.SentAt < options.Value.RepeatWindow;

    private async Task<bool> IsSupersededAsync(RelayedAlert alert, SentAlert? before, WaitLimit limit, CancellationToken cancellationToken) =>
        limit.Passed >= TrustedFor && (await sent.FindAsync(alert.SourceId, alert.Identity, cancellationToken))?.ETag != before?.ETag;
}
