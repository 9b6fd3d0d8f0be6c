using System.Text.Json.Serialization;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Monitors.Connection;

/// <summary>A source's connection to BigPanda's Alerts API as the API shows it: without its keys.</summary>
/// <param name="Region"><c>us</c>, <c>eu</c>, or null for a custom address.</param>
/// <param name="OrgTokenSuffix">The token's last four characters; null for a short one.</param>
/// <param name="ParkedAlerts">Alerts that wait for the keys or for BigPanda, counted up to 1,000.</param>
/// <param name="Note">What could not be checked.</param>
internal sealed record MonitorConnectionView(
    bool Connected, string? Region, string? ApiBaseUrl, string? OrgTokenSuffix, string? AlertsAppKeySuffix, DateTime? LastSuccessAt, DateTime? LastFailureAt,
    string? LastFailure, int ParkedAlerts, DateTime? ParkedSince, string? ParkedBecause, string? Note = null)
{
    /// <param name="keys">Null when none are stored.</param>
    public static MonitorConnectionView Of(SourceKeys? keys, CallHistory calls, int parked, DateTimeOffset? since, string? because) => new(
        keys is not null,
        keys is null ? null : BigPandaApi.RegionOf(keys.ApiBaseUrl),
        keys?.ApiBaseUrl,
        ApiCredential.SuffixOf(keys?.OrgToken),
        ApiCredential.SuffixOf(keys?.AppKey),
        calls.LastSuccessAt?.UtcDateTime,
        calls.LastFailureAt?.UtcDateTime,
        calls.LastFailure,
        parked,
        parked > 0 ? since?.UtcDateTime : null,
        parked > 0 ? because : null);
}

[JsonSerializable(typeof(MonitorConnectionRequest))]
[JsonSerializable(typeof(MonitorConnectionView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class MonitorConnectionJson : JsonSerializerContext;
