using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>Whether PagerDuty can be used, for the health routes and the timer. With the mode off nothing is read or called.</summary>
public sealed class PagerDutyReadiness(
    PagerDutyClient rest, PagerDutyEventsClient events, CredentialCache<PagerDutyCredential> credentials, WebhookSubscriptions subscriptions,
    IOptions<PagerDutyOptions> options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private long? _checkedAt;

    /// <returns>Null while PagerDuty is off or not connected.</returns>
    internal async Task<(bool IsHealthy, string Detail)?> CheckAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Mode == "off" || await credentials.GetAsync(cancellationToken) is not { } credential) return null;
        if (events.FindLatest() is { Result: ApiResult.Unavailable } failed) return (false, $"the Events API: {failed.Detail}");
        if (credential.RestKey is null) return (true, "connected without a REST key: pages are not verified, and notes are not written");
        var outcome = await rest.GetLatestAsync(cancellationToken);
        if (outcome.Result == ApiResult.Done) await CheckSubscriptionsAsync(cancellationToken);
        return outcome.Result switch
        {
            ApiResult.Done or ApiResult.Conflict => (true, "accepts the REST key"),
            ApiResult.NotAllowed when outcome.Status == 401 => (false, $"rejected the REST key ({outcome.Detail}). Store a valid one with PUT /pagerduty"),
            ApiResult.NotAllowed => (false, $"the REST key may not read users ({outcome.Detail})"),
            _ => (false, outcome.Detail),
        };
    }

    /// <summary>From what is stored: PagerDuty is not called.</summary>
    internal async Task<IReadOnlyList<string>> ListNoticesAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Mode == "off") return [];
        if (await credentials.GetAsync(cancellationToken) is not { } credential)
            return [$"PagerDuty__Mode is {options.Value.Mode}, and PagerDuty is not connected: nothing is paged. Store a routing key with PUT /pagerduty."];
        return WebhookSubscriptions.NoticeOf(await subscriptions.ListAsync(cancellationToken)) is { } notice ? [notice] : [];
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task CheckSubscriptionsAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_checkedAt is { } at && time.GetElapsedTime(at) < CheckEvery) return;
            _checkedAt = time.GetTimestamp();
            await subscriptions.CheckAsync(cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
