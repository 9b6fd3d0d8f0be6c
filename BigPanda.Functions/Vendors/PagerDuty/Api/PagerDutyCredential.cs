using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <summary>
/// Everything secret about the connection, and the addresses that its keys are sent to. Stored as one secret, so that a key is never read with another
/// key's address and sent there.
/// </summary>
public sealed record PagerDutyCredential
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    internal static CredentialKind<PagerDutyCredential> Kind { get; } =
        new("pagerduty-connection", PagerDutyApi.Rest.Name, () => PagerDutyCredentialJson.Default.PagerDutyCredential);

    /// <summary>New each time a secret changes; the connection's facts and call history are stored under it.</summary>
    public required string ConnectionId { get; init; }

    /// <summary>Where the addresses below come from, unless they are settings.</summary>
    public string Region { get; init => field = value ?? "us"; } = "us";
    public required string EventsBaseUrl { get; init; }
    public required string RestBaseUrl { get; init; }

    /// <summary>The routing key of pages without a better one.</summary>
    public required string RoutingKey { get; init; }

    /// <summary>Further routing keys by name.</summary>
    public IReadOnlyDictionary<string, string> RoutingKeys { get; init => field = value ?? None; } = None;

    /// <summary>Keys that pages may still have been opened with, newest first.</summary>
    public IReadOnlyList<FormerKey> FormerKeys { get; init => field = value ?? []; } = [];

    /// <summary>Null: notes are not written, and pages are not verified.</summary>
    public string? RestKey { get; init; }

    /// <summary>The login address of the PagerDuty user that notes are written as; there is one if there is a REST key.</summary>
    public string? From { get; init; }

    public IReadOnlyList<WebhookSecret> WebhookSecrets { get; init => field = value ?? []; } = [];

    internal RestCredential? Rest => RestKey is { } key ? new RestCredential(key, RestBaseUrl, From ?? "") { ConnectionId = ConnectionId } : null;

    /// <returns>The routing key with this id, whether in use or former; null when it is not stored.</returns>
    public string? FindRoutingKey(string id)
    {
        string[] known = [RoutingKey, .. RoutingKeys.Values, .. FormerKeys.Select(former => former.Key)];
        return Array.Find(known, key => IdOf(key) == id);
    }

    /// <returns>The secrets that a webhook may be signed with.</returns>
    public IEnumerable<WebhookSecret> SecretsAt(DateTimeOffset now) => WebhookSecrets.Where(secret => secret.CountsAt(now));

    /// <summary>The fingerprint by which a page, a policy and a secret's owner refer to a secret: the first 12 hex digits of its SHA-256.</summary>
    public static string IdOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..12];

    // A record prints its members; a secret must not reach a log.
    public override string ToString() => nameof(PagerDutyCredential);
}

public sealed record FormerKey(string Key, DateTimeOffset RemovedAt)
{
    public override string ToString() => nameof(FormerKey);
}

/// <param name="RemovedAt">Null while it is in use.</param>
public sealed record WebhookSecret(string Secret, DateTimeOffset AddedAt, DateTimeOffset? RemovedAt = null)
{
    /// <summary>Webhooks signed with a removed secret are under way, and PagerDuty drops one that is refused.</summary>
    private static readonly TimeSpan CountsFor = TimeSpan.FromHours(1);

    [JsonIgnore]
    public string Id => PagerDutyCredential.IdOf(Secret);

    public bool CountsAt(DateTimeOffset now) => RemovedAt is not { } removed || now - removed < CountsFor;

    public override string ToString() => nameof(WebhookSecret);
}

/// <summary>The key of the REST API, and as whom it writes.</summary>
internal sealed record RestCredential(string ApiKey, string ApiBaseUrl, string From) : ApiCredential(ApiKey, ApiBaseUrl);

[JsonSerializable(typeof(PagerDutyCredential))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class PagerDutyCredentialJson : JsonSerializerContext;
