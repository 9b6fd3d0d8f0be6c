using System.Text.Json.Serialization;
using BigPanda.Functions.BigPandaApi;

namespace BigPanda.Functions.Connection;

/// <summary>The connection as the API shows it.</summary>
/// <param name="Region"><c>us</c>, <c>eu</c>, or null for another address.</param>
/// <param name="KeySuffix">The key's last four characters; null for a key too short to show any.</param>
internal sealed record ConnectionView(
    bool Connected, string? Region, string? ApiBaseUrl, string? KeySuffix, string? DefaultEnvironmentId, IReadOnlyList<BigPandaEnvironment> Environments, int EnvironmentCount,
    string? ConnectedBy, DateTime? ConnectedAt, DateTime? ExpiresOn, int? DaysLeft, DateTime? LastSuccessAt, DateTime? LastFailureAt, string? LastFailure)
{
    public static ConnectionView Of(ConnectionFacts? facts, CallHistory calls, DateTimeOffset now) => new(
        facts is not null,
        facts is null ? null : BigPandaApi.ApiBaseUrl.RegionOf(facts.ApiBaseUrl),
        facts?.ApiBaseUrl,
        facts?.KeySuffix,
        facts?.DefaultEnvironmentId,
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

internal sealed record ProbeView(IReadOnlyList<ProbedPermission> Permissions);

/// <param name="Shown"><c>yes</c>, <c>no</c>, or <c>unclear</c> when BigPanda's answer leaves it open.</param>
internal sealed record ProbedPermission(string Permission, string Endpoint, string Shown, string Detail);

[JsonSerializable(typeof(ConnectionRequest))]
[JsonSerializable(typeof(ConnectionView))]
[JsonSerializable(typeof(ProbeView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ConnectionJson : JsonSerializerContext;
