using BigPanda.Functions.Http;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Monitors.Connection;

/// <summary>The body of <c>PUT /monitors/{sourceId}/connection</c>.</summary>
/// <param name="OrgToken">BigPanda's organisation token, which its Alerts API takes; a user's API key is not accepted there.</param>
/// <param name="AlertsAppKey">The app key of the integration in BigPanda that the alerts belong to.</param>
internal sealed record MonitorConnectionRequest(string? OrgToken, string? AlertsAppKey, string? Region, string? ApiBaseUrl)
{
    public const string Shape = """{"orgToken": "…", "alertsAppKey": "…", "region": "us" or "eu", "apiBaseUrl": "…"}""";

    private const int MaxToken = 1000;

    /// <returns>The keys to check with BigPanda; or null, the invalid field and what is wrong with it.</returns>
    public (SourceKeys? Keys, string? Field, string Error) Read(string usualApiBaseUrl)
    {
        // Errors never quote a key.
        if (JsonBody.TextOf(OrgToken) is not { } token) return (null, "orgToken", "orgToken must not be empty.");
        if (token.Length > MaxToken || token.Any(c => c is <= ' ' or > '~'))
            return (null, "orgToken", "orgToken must be as BigPanda shows it, without spaces or line breaks.");
        if (JsonBody.TextOf(AlertsAppKey) is not { } appKey) return (null, "alertsAppKey", "alertsAppKey must not be empty.");
        if (!AlertSource.IsAppKey(appKey)) return (null, "alertsAppKey", $"alertsAppKey must be the integration's app key: {AlertSource.AppKeyRule}.");
        var (address, field, error) = BigPandaApi.FindAddress(JsonBody.TextOf(Region), JsonBody.TextOf(ApiBaseUrl), usualApiBaseUrl);
        return address is null ? (null, field, error) : (new SourceKeys(token, appKey, address), null, "");
    }

    // A record's ToString prints its members; a key must not reach a log.
    public override string ToString() => nameof(MonitorConnectionRequest);
}
