using System.Globalization;
using BigPanda.Functions.BigPandaApi;

namespace BigPanda.Functions.Connection;

/// <summary>The body of <c>PUT /connection</c>.</summary>
internal sealed record ConnectionRequest(string? ApiKey, string? Region, string? ApiBaseUrl, string? DefaultEnvironmentId, string? ExpiresOn, string? Actor)
{
    public const string Shape = "{\"apiKey\": \"…\", \"region\": \"us\" or \"eu\", \"apiBaseUrl\": \"…\", \"defaultEnvironmentId\": \"…\", \"expiresOn\": \"2027-01-31\", \"actor\": \"…\"}";

    private const int MaxKey = 1000;
    private const int MaxText = 200;

    public string By => Text(Actor) ?? "an API caller";

    /// <returns>What BigPanda is to be asked with; or null, the field at fault and why.</returns>
    public (ApiCredential? Candidate, string? Field, string Error) ReadCandidate(string usualApiBaseUrl)
    {
        // Nothing of the key is quoted.
        if (Text(ApiKey) is not { } key) return (null, "apiKey", "apiKey must not be empty.");
        if (key.Length > MaxKey || key.Any(c => c is <= ' ' or > '~')) return (null, "apiKey", "apiKey must be the key as BigPanda shows it: no spaces and no line breaks inside.");
        if (Text(Region) is { } region && !BigPandaApi.ApiBaseUrl.IsRegion(region)) return (null, "region", "region must be us or eu.");
        if (Text(Region) is not null && Text(ApiBaseUrl) is not null) return (null, "apiBaseUrl", "apiBaseUrl takes the place of region: give one of them.");
        if (Text(ApiBaseUrl) is { } url && BigPandaApi.ApiBaseUrl.Validate(url) is { } error) return (null, "apiBaseUrl", $"apiBaseUrl {error}.");
        if (Text(DefaultEnvironmentId) is { Length: > MaxText }) return (null, "defaultEnvironmentId", $"defaultEnvironmentId may have {MaxText} characters at most.");
        if (Text(DefaultEnvironmentId) is { } environment && !PathSegment.IsPossible(environment)) return (null, "defaultEnvironmentId", "defaultEnvironmentId must not be . or ..: that is no environment's id.");
        if (By.Length > MaxText || By.Any(char.IsControl)) return (null, "actor", $"actor may have {MaxText} characters at most, on one line.");
        var address = Text(ApiBaseUrl) ?? (Text(Region) is { } named ? BigPandaApi.ApiBaseUrl.Of(named) : usualApiBaseUrl);
        // As the URL's parser understood it, and not as it was written: it is logged and shown.
        var normal = new Uri(address).AbsoluteUri.TrimEnd('/');
        return (new ApiCredential(key, normal, Text(DefaultEnvironmentId)) { ConnectionId = Guid.NewGuid().ToString("N") }, null, "");
    }

    /// <returns>Null and no fault when it is not given.</returns>
    public (DateTimeOffset? Time, string? Error) ReadExpiry(DateTimeOffset now)
    {
        if (Text(ExpiresOn) is not { } text) return (null, null);
        if (!DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return (null, "expiresOn must be a date (2027-01-31) or a time (2027-01-31T12:00:00Z).");
        return time <= now ? (null, "expiresOn has passed: the key would not work.") : (time.ToUniversalTime(), null);
    }

    // A record prints its members; the key must not reach a log.
    public override string ToString() => nameof(ConnectionRequest);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
