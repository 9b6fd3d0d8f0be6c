using System.Text.Json.Serialization;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>The connection as the API shows it.</summary>
/// <param name="Region"><c>us</c>, <c>eu</c>, or null for a custom address.</param>
/// <param name="KeySuffix">The key's last four characters; null for a short key.</param>
internal sealed record ConnectionView(
    bool Connected, string? Region, string? ApiBaseUrl, string? KeySuffix, string? DefaultEnvironmentId, IReadOnlyList<BigPandaEnvironment> Environments,
    int EnvironmentCount, string? ConnectedBy, DateTime? ConnectedAt, DateTime? ExpiresOn, int? DaysLeft, DateTime? LastSuccessAt, DateTime? LastFailureAt,
    string? LastFailure)
{
    public static readonly ConnectionView None = new(false, null, null, null, null, [], 0, null, null, null, null, null, null, null);

    /// <param name="facts">Null for a key that was stored by hand.</param>
    public static ConnectionView Of(BigPandaCredential credential, ConnectionFacts? facts, CallHistory calls, DateTimeOffset now) => new(
        true,
        BigPandaApi.RegionOf(credential.ApiBaseUrl),
        credential.ApiBaseUrl,
        ApiCredential.SuffixOf(credential.ApiKey),
        credential.DefaultEnvironmentId,
        facts?.Environments ?? [],
        facts?.EnvironmentCount ?? 0,
        facts?.ConnectedBy,
        facts?.ConnectedAt.UtcDateTime,
        facts?.ExpiresOn?.UtcDateTime,
        facts?.DaysLeft(now),
        calls.LastSuccessAt?.UtcDateTime,
        calls.LastFailureAt?.UtcDateTime,
        calls.LastFailure);
}

/// <param name="EnvironmentId">The environment probed: a role's permissions may differ between environments.</param>
internal sealed record ProbeView(string? EnvironmentId, IReadOnlyList<ProbedPermission> Permissions);

/// <param name="Shown"><c>yes</c>, <c>no</c>, or <c>unknown</c> where only a change would show it or the call failed.</param>
internal sealed record ProbedPermission(string Permission, string Endpoint, string Shown, string Detail);

[JsonSerializable(typeof(ConnectionRequest))]
[JsonSerializable(typeof(ConnectionView))]
[JsonSerializable(typeof(ProbeView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class ConnectionJson : JsonSerializerContext;
