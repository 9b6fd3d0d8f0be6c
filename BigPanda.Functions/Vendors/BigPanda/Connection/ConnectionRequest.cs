using BigPanda.Functions.Http;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>The body of <c>PUT /connection</c>.</summary>
internal sealed record ConnectionRequest(
    string? ApiKey, string? Region, string? ApiBaseUrl, string? DefaultEnvironmentId, string? ExpiresOn, string? Actor)
{
    public const string Shape =
        """{"apiKey": "…", "region": "us" or "eu", "apiBaseUrl": "…", "defaultEnvironmentId": "…", "expiresOn": "2027-01-31", "actor": "…"}""";

    private const int MaxKey = 1000;
    private const int MaxText = 200;

    public string By => RequestNote.NameOf(Actor);

    /// <returns>The credential to check with BigPanda; or null, the invalid field and what is wrong with it.</returns>
    public (BigPandaCredential? Candidate, string? Field, string Error) ReadCandidate(string usualApiBaseUrl)
    {
        // Errors never quote the key.
        if (JsonBody.TextOf(ApiKey) is not { } key) return (null, "apiKey", "apiKey must not be empty.");
        if (key.Length > MaxKey || key.Any(c => c is <= ' ' or > '~'))
            return (null, "apiKey", "apiKey must be the key as BigPanda shows it, without spaces or line breaks.");
        var (address, field, addressError) = BigPandaApi.FindAddress(JsonBody.TextOf(Region), JsonBody.TextOf(ApiBaseUrl), usualApiBaseUrl);
        if (address is null) return (null, field, addressError);
        if (FindError() is { } error) return (null, error.Field, error.Detail);
        return (new BigPandaCredential(key, address, JsonBody.TextOf(DefaultEnvironmentId)) { ConnectionId = Guid.NewGuid().ToString("N") }, null, "");
    }

    private (string Field, string Detail)? FindError()
    {
        if (JsonBody.TextOf(DefaultEnvironmentId) is { Length: > MaxText })
            return ("defaultEnvironmentId", $"defaultEnvironmentId must have at most {MaxText} characters.");
        if (JsonBody.TextOf(DefaultEnvironmentId) is { } environment && !PathSegment.IsPossible(environment))
            return ("defaultEnvironmentId", "defaultEnvironmentId must be an environment's id, not . or ..");
        return By.Length > MaxText || By.Any(char.IsControl) ? ("actor", $"actor must have at most {MaxText} characters, on one line.") : null;
    }

    /// <returns>The time; or what is wrong with it; or null for both when it is absent.</returns>
    public (DateTimeOffset? Time, string? Error) ReadExpiry(DateTimeOffset now)
    {
        if (JsonBody.TextOf(ExpiresOn) is not { } text) return (null, null);
        if (RequestTime.Read(text) is not { } time)
            return (null, "expiresOn must be a date (2027-01-31) or a time (2027-01-31T12:00:00Z).");
        return time <= now ? (null, "expiresOn must be in the future: an expired key does not work.") : (time.ToUniversalTime(), null);
    }

    // A record's ToString prints its members; the key must not reach a log.
    public override string ToString() => nameof(ConnectionRequest);
}
