using System.Text.Json.Serialization;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>The connection as the API shows it: of each secret only that it is set, and its id.</summary>
/// <param name="Mode">The setting.</param>
/// <param name="CheckedAt">When PagerDuty accepted the REST key.</param>
internal sealed record PagerDutyView(
    bool Connected, string Mode, string? Region, string? EventsBaseUrl, string? RestBaseUrl, IReadOnlyList<RoutingKeyView> RoutingKeys, RestKeyView? RestKey,
    string? From, IReadOnlyList<WebhookSecretView> WebhookSecrets, IReadOnlyList<SubscriptionView> Subscriptions, PolicyBody? Policy, string? ConnectedBy,
    DateTime? ConnectedAt, DateTime? CheckedAt)
{
    public static PagerDutyView None(string mode) => new(false, mode, null, null, null, [], null, null, [], [], null, null, null, null);

    /// <param name="facts">Null for a credential that was stored by hand.</param>
    /// <param name="histories">By the ids of the routing keys.</param>
    public static PagerDutyView Of(
        PagerDutyCredential credential, PagerDutyFacts? facts, string mode, CallHistory rest, IReadOnlyDictionary<string, CallHistory> histories,
        IReadOnlyList<KnownSubscription> subscriptions) => new(
        true,
        mode,
        credential.Region,
        credential.EventsBaseUrl,
        credential.RestBaseUrl,
        [
            RoutingKeyView.Of(null, credential.RoutingKey, histories),
            .. credential.RoutingKeys.Select(key => RoutingKeyView.Of(key.Key, key.Value, histories)),
        ],
        credential.RestKey is { } key
            ? new RestKeyView(PagerDutyCredential.IdOf(key), rest.LastSuccessAt?.UtcDateTime, rest.LastFailureAt?.UtcDateTime, rest.LastFailure)
            : null,
        credential.From,
        [.. credential.WebhookSecrets.Select(secret => new WebhookSecretView(secret.Id, secret.AddedAt.UtcDateTime, secret.RemovedAt?.UtcDateTime))],
        [.. subscriptions.Select(SubscriptionView.Of)],
        PolicyBody.Of(facts?.Policy ?? new PagingPolicy()),
        facts?.ConnectedBy,
        facts?.ConnectedAt.UtcDateTime,
        facts?.CheckedAt?.UtcDateTime);
}

/// <param name="Name">Null for the default key.</param>
internal sealed record RoutingKeyView(string? Name, string KeyId, DateTime? LastSuccessAt, DateTime? LastFailureAt, string? LastFailure)
{
    public static RoutingKeyView Of(string? name, string key, IReadOnlyDictionary<string, CallHistory> histories)
    {
        var id = PagerDutyCredential.IdOf(key);
        var calls = histories.GetValueOrDefault(id, CallHistory.None);
        return new RoutingKeyView(name, id, calls.LastSuccessAt?.UtcDateTime, calls.LastFailureAt?.UtcDateTime, calls.LastFailure);
    }
}

internal sealed record RestKeyView(string KeyId, DateTime? LastSuccessAt, DateTime? LastFailureAt, string? LastFailure);

/// <param name="RemovedAt">It counts for an hour more.</param>
internal sealed record WebhookSecretView(string Id, DateTime AddedAt, DateTime? RemovedAt);

/// <param name="State">
/// <c>on</c>; <c>disabled</c> by PagerDuty for a day after refused webhooks; <c>off</c> by a person; <c>unknown</c> until it is checked with a REST key.
/// </param>
/// <param name="SeenAt">When a webhook of it was received last, to the hour.</param>
internal sealed record SubscriptionView(string Id, string? Url, string State, DateTime? SeenAt, DateTime? CheckedAt)
{
    public static SubscriptionView Of(KnownSubscription known) =>
        new(known.Id, known.Url, known.State, known.SeenAt?.UtcDateTime, known.CheckedAt?.UtcDateTime);
}

internal sealed record SubscriptionListView(IReadOnlyList<SubscriptionView> Subscriptions);

/// <param name="Key">Name of a stored routing key; null for the default one.</param>
internal sealed record PageTestRequest(string? Key, string? Actor)
{
    public const string Shape = """{"key": "name of a routing key", "actor": "…"}, both optional""";
}

internal sealed record PageTestView(string KeyId, string DedupKey, PageTestStep Triggered, PageTestStep Resolved);

/// <param name="Detail">What PagerDuty returned.</param>
internal sealed record PageTestStep(bool Accepted, int? Status, string Detail);

[JsonSerializable(typeof(PagerDutyRequest))]
[JsonSerializable(typeof(PagerDutyView))]
[JsonSerializable(typeof(SubscriptionListView))]
[JsonSerializable(typeof(PageTestRequest))]
[JsonSerializable(typeof(PageTestView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class PagerDutyConnectionJson : JsonSerializerContext;
