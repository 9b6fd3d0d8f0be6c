using System.Text.Json;
using System.Text.RegularExpressions;
using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Sources.Api;

/// <summary>The body of <c>POST /sources</c>.</summary>
internal sealed partial record NewSource(
    string? Name, string? AppKey = null, string? TitleTemplate = null, string? AuthHeader = null, int? SilentAfterHours = null, bool OneTime = false,
    string? Kind = null)
{
    public const string Shape =
        """{"name": "…", "kind": "bigpanda", "appKey": "…", "titleTemplate": "…", "authHeader": "…", "silentAfterHours": 24, "oneTime": false}""";

    private const int MaxName = 100;

    /// <summary>HTTP, browsers, proxies and tracing SDKs set or drop these: the token would be lost or replaced.</summary>
    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Age", "Allow", "b3", "baggage", "Cache-Control", "Client-IP", "Connection", "Cookie", "Date", "Disguised-Host", "Expect", "Forwarded", "From", "Host",
        "HTTP2-Settings", "Keep-Alive", "Max-Forwards", "Origin", "Pragma", "Range", "Referer", "Request-Context", "Request-Id", "Server", "Set-Cookie", "TE",
        "traceparent", "tracestate", "Trailer", "Transfer-Encoding", "True-Client-IP", "Upgrade", "User-Agent", "Via", "Was-Default-Hostname",
        "WWW-Authenticate", "X-Client-IP", "X-Client-Port", "X-Cloud-Trace-Context", "X-Cluster-Client-IP", "X-Correlation-Id", "x-functions-key",
        "X-HTTP-Method-Override", "X-Host", "X-Real-IP", "X-Request-Id", "X-Scheme", "X-SITE-DEPLOYMENT-ID", "X-WAWS-Unencoded-URL",
    };

    private static readonly string[] ReservedPrefixes =
    [
        "Accept", "CF-", "Content-", "Correlation-", "Fastly-", "If-", "Proxy-", "Sec-", "X-Amz", "X-Amzn", "X-AppService-", "X-ARR-", "X-Azure-", "X-B3-",
        "x-bp-", "X-Datadog-", "X-Envoy-", "X-FD-", "X-Forwarded", "X-MS-", "X-Original-", "X-ProxyUser-",
    ];

    /// <summary>Trims the texts; a blank one becomes null.</summary>
    public NewSource Trimmed() => new(Text(Name), Text(AppKey), Text(TitleTemplate), Text(AuthHeader), SilentAfterHours, OneTime, Text(Kind));

    /// <returns>Null for an unknown kind.</returns>
    public SourceKind? FindKind() => Kind is null ? SourceKind.BigPanda : SourceKinds.Find(Kind);

    /// <returns>Null when it is valid.</returns>
    public SourceError? Validate()
    {
        if (Name is null) return new("name", "name must not be empty.");
        if (Name.Length > MaxName || Name.Any(char.IsControl)) return new("name", $"name must have at most {MaxName} characters, on one line.");
        if (AppKey is not null && !AppKeyPattern().IsMatch(AppKey))
            return new("appKey", "appKey must be the integration's app key: at most 200 letters, digits and .:_-");
        if (SilentAfterHours is < 1 or > SourceOptions.MaxSilentAfterHours)
            return new("silentAfterHours", $"silentAfterHours must be from 1 to {SourceOptions.MaxSilentAfterHours}.");
        return TitleTemplate is not null && !AlertTitleTemplate.TryParse(TitleTemplate, out _, out var error)
            ? new("titleTemplate", $"titleTemplate, character {error.Position}: {error.What}", error.Position)
            : null;
    }

    /// <summary>For new sources only: a source's header cannot change later.</summary>
    public SourceError? ValidateHeader()
    {
        if (AuthHeader is null) return null;
        if (!HeaderPattern().IsMatch(AuthHeader)) return new("authHeader", "authHeader must be a header name of at most 64 letters, digits and hyphens.");
        if (!ReservedHeaders.Contains(AuthHeader) && !ReservedPrefixes.Any(prefix => AuthHeader.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            return null;
        return new(
            "authHeader", $"authHeader must not be {AuthHeader}: HTTP, proxies or tracing libraries set or remove it. Choose a name such as X-BigPanda-Token.");
    }

    // A record's ToString prints its members; the app key must not reach a log.
    public override string ToString() => nameof(NewSource);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex HeaderPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9.:_-]{1,200}\z")]
    private static partial Regex AppKeyPattern();
}

/// <summary>
/// The body of <c>PATCH /sources/{id}</c>, a JSON Merge Patch (RFC 7396): a missing member stays, null removes. Header and kind cannot change:
/// BigPanda would use the old header and URL until they are changed there.
/// </summary>
internal sealed record SourceChange(
    JsonElement Name = default, JsonElement AppKey = default, JsonElement TitleTemplate = default, JsonElement SilentAfterHours = default,
    JsonElement OneTime = default)
{
    public const string Shape =
        """{"name": "…", "appKey": "…", "titleTemplate": "…", "silentAfterHours": 24, "oneTime": false}, each optional, and null except for name""";

    /// <returns>The changed source; null when a member has the wrong type.</returns>
    public NewSource? ApplyTo(AlertSource source)
    {
        try
        {
            return new NewSource(
                Text(Name, source.Name), Text(AppKey, source.AppKey), Text(TitleTemplate, source.TitleTemplate), source.HeaderName,
                Hours(source.SilentAfterHours), Flag(OneTime, source.OneTime)).Trimmed();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    // A record's ToString prints its members; the app key must not reach a log.
    public override string ToString() => nameof(SourceChange);

    private static string? Text(JsonElement member, string? before) => member.ValueKind == JsonValueKind.Undefined ? before : member.GetString();

    private static bool Flag(JsonElement member, bool before) => member.ValueKind switch
    {
        JsonValueKind.Undefined => before,
        JsonValueKind.Null => false,
        _ => member.GetBoolean(),
    };

    private int? Hours(int? before) => SilentAfterHours.ValueKind switch
    {
        JsonValueKind.Undefined => before,
        JsonValueKind.Null => null,
        _ => SilentAfterHours.GetInt32(),
    };
}

internal sealed record SourceError(string Field, string Detail, int? Position = null);
