using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>Reads the connection as it is shown: from Key Vault and the tables; PagerDuty is not called.</summary>
public sealed class PagerDutyReader(
    CredentialCache<PagerDutyCredential> credentials, PagerDutyConnectionStore store, WebhookSubscriptions subscriptions,
    [FromKeyedServices(PagerDutyApi.Key)] ApiCalls rest, [FromKeyedServices(PagerDutyApi.EventsKey)] ApiCalls events, IOptions<PagerDutyOptions> options)
{
    internal async Task<PagerDutyView> ReadAsync(CancellationToken cancellationToken)
    {
        var mode = options.Value.Mode;
        // Another instance may just have connected other keys.
        credentials.Expire();
        if (await credentials.GetAsync(cancellationToken) is not { } credential) return PagerDutyView.None(mode);
        var keys = credential.RoutingKeys.Values.Prepend(credential.RoutingKey).Select(PagerDutyCredential.IdOf).Distinct().ToList();
        var histories = await Task.WhenAll(keys.Select(key => events.ReadAsync(PagerDutyEventsClient.HistoryOf(key), cancellationToken)));
        return PagerDutyView.Of(
            credential,
            await store.FindAsync(credential.ConnectionId, cancellationToken),
            mode,
            await rest.ReadAsync(credential.ConnectionId, cancellationToken),
            keys.Zip(histories).ToDictionary(pair => pair.First, pair => pair.Second),
            await subscriptions.ListAsync(cancellationToken));
    }
}
