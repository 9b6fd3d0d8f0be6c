using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Monitors.Connection;

/// <summary>The body of <c>PUT /monitors/{sourceId}/connection</c>.</summary>
/// <param name="OrgToken">BigPanda's organisation token, which its Alerts API takes; a user's API key is not accepted there.</param>
/// <param name="AlertsAppKey">The app key of the integration in BigPanda that the alerts belong to.</param>
internal sealed record MonitorConnectionRequest(string? OrgToken, string? AlertsAppKey, string? Region, string? ApiBaseUrl)
{
    public const string Shape = """{"orgToken": "…", "alertsAppKey": "…", "region": "us" or "eu", "apiBaseUrl": "…"}""";

    private const int MaxToken = 1000;
    private const int MaxAppKey = 200;

    /// <returns>The keys to check with BigPanda; or null, the invalid field and what is wrong with it.</returns>
    public (SourceKeys? Keys, string? Field, string Error) Read(string usualApiBaseUrl)
    {
        // Errors never quote a key.
        if (FindKeyError(OrgToken, "orgToken", MaxToken) is { } token) return (null, "orgToken", token);
        if (FindKeyError(AlertsAppKey, "alertsAppKey", MaxAppKey) is { } appKey) return (null, "alertsAppKey", appKey);
        if (Text(Region) is { } unknown && !BigPandaApi.IsRegion(unknown)) return (null, "region", "region must be us or eu.");
        if (Text(Region) is not null && Text(ApiBaseUrl) is not null)
            return (null, "apiBaseUrl", "region and apiBaseUrl exclude each other: send one of them.");
        if (Text(ApiBaseUrl) is { } url && ApiAddress.Validate(url) is { } error) return (null, "apiBaseUrl", $"apiBaseUrl {error}.");
        var address = Text(ApiBaseUrl) ?? (Text(Region) is { } region ? BigPandaApi.AddressOf(region) : usualApiBaseUrl);
        return (new SourceKeys(Text(OrgToken) ?? "", Text(AlertsAppKey) ?? "", new Uri(address).AbsoluteUri.TrimEnd('/')), null, "");
    }

    // A record's ToString prints its members; a key must not reach a log.
    public override string ToString() => nameof(MonitorConnectionRequest);

    private static string? FindKeyError(string? key, string name, int most) => Text(key) switch
    {
        null => $"{name} must not be empty.",
        { } text when text.Length > most || text.Any(c => c is <= ' ' or > '~') => $"{name} must be as BigPanda shows it, without spaces or line breaks.",
        _ => null,
    };

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
