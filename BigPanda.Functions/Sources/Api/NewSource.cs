using System.Text.Json;
using System.Text.RegularExpressions;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Http;
using BigPanda.Functions.Monitors.Formats;

namespace BigPanda.Functions.Sources.Api;

/// <summary>The body of <c>POST /sources</c>.</summary>
/// <param name="Format">A monitor's, as are <c>Flatten</c> and <c>OkAfterHours</c>; app key, template and one-time are a BigPanda webhook's.</param>
internal sealed partial record NewSource(
    string? Name, string? AppKey = null, string? TitleTemplate = null, string? AuthHeader = null, int? SilentAfterHours = null, bool OneTime = false,
    string? Kind = null, string? Format = null, bool Flatten = false, int? OkAfterHours = null)
{
    public const string Shape =
        """{"name": "…", "kind": "bigpanda", "authHeader": "…", "silentAfterHours": 24, "appKey": "…", "titleTemplate": "…", "oneTime": false}"""
        + """ or {"name": "…", "kind": "monitor", "authHeader": "…", "silentAfterHours": 24, "format": "…", "flatten": false, "okAfterHours": 24}""";

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

    /// <summary>Trims the texts; a blank one becomes null. A format gets the spelling of its name.</summary>
    public NewSource Trimmed() => new(
        JsonBody.TextOf(Name), JsonBody.TextOf(AppKey), JsonBody.TextOf(TitleTemplate), JsonBody.TextOf(AuthHeader), SilentAfterHours, OneTime,
        JsonBody.TextOf(Kind), JsonBody.TextOf(Format) is { } format ? MonitorFormat.Find(format)?.Name ?? format : null, Flatten, OkAfterHours);

    /// <returns>Null for an unknown kind.</returns>
    public SourceKind? FindKind() => Kind is null ? SourceKind.BigPanda : SourceKinds.Find(Kind);

    /// <returns>Null when it is valid.</returns>
    public SourceError? Validate()
    {
        if (Name is null) return new("name", "name must not be empty.");
        if (Name.Length > MaxName || Name.Any(char.IsControl)) return new("name", $"name must have at most {MaxName} characters, on one line.");
        if (SilentAfterHours is < 1 or > SourceOptions.MaxSilentAfterHours)
            return new("silentAfterHours", $"silentAfterHours must be from 1 to {SourceOptions.MaxSilentAfterHours}.");
        return FindKind() == SourceKind.Monitor ? ValidateMonitor() : ValidateWebhook();
    }

    private SourceError? ValidateWebhook()
    {
        if (Format is not null) return OfMonitors("format");
        if (Flatten) return OfMonitors("flatten");
        if (OkAfterHours is not null) return OfMonitors("okAfterHours");
        if (AppKey is not null && !AlertSource.IsAppKey(AppKey))
            return new("appKey", $"appKey must be the integration's app key: {AlertSource.AppKeyRule}");
        return TitleTemplate is not null && !AlertTitleTemplate.TryParse(TitleTemplate, out _, out var error)
            ? new("titleTemplate", $"titleTemplate, character {error.Position}: {error.What}", error.Position)
            : null;
    }

    private SourceError? ValidateMonitor()
    {
        if (AppKey is not null) return new("appKey", "appKey is of a BigPanda webhook: store a monitor's with PUT /monitors/{sourceId}/connection.");
        if (TitleTemplate is not null) return new("titleTemplate", "titleTemplate is of a BigPanda webhook: a monitor's alerts have no title here.");
        if (OneTime) return new("oneTime", "oneTime is of a BigPanda webhook: leave it out.");
        if (Format is null || MonitorFormat.Find(Format) is null) return new("format", $"format must be one of {MonitorFormat.Names}.");
        return OkAfterHours is < 0 or > AlertSource.MaxOkAfterHours
            ? new("okAfterHours", $"okAfterHours must be from 1 to {AlertSource.MaxOkAfterHours}, or 0 for never.")
            : null;
    }

    private static SourceError OfMonitors(string member) => new(member, $"{member} is of a monitor: leave it out, or send the kind monitor.");

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

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex HeaderPattern();
}

/// <summary>
/// The body of <c>PATCH /sources/{id}</c>, a JSON Merge Patch (RFC 7396): a missing member stays, null removes. Header, kind and format cannot change:
/// the sender would use the old header and URL, or send the old format, until it is changed there.
/// </summary>
internal sealed record SourceChange(
    JsonElement Name = default, JsonElement AppKey = default, JsonElement TitleTemplate = default, JsonElement SilentAfterHours = default,
    JsonElement OneTime = default, JsonElement Flatten = default, JsonElement OkAfterHours = default)
{
    public const string Shape =
        """{"name": "…", "silentAfterHours": 24, "appKey": "…", "titleTemplate": "…", "oneTime": false, "flatten": false, "okAfterHours": 24}"""
        + ", each optional, and null except for name";

    /// <summary>The names of the members that are not left out.</summary>
    public string Changed => RequestNote.NamesOf(Members.Select(member => (member.Name, member.Value)));

    /// <summary>The first member whose value has the wrong type; null for none.</summary>
    public string? WrongMember => Members.FirstOrDefault(member => !member.Fits(member.Value)).Name;

    private (string Name, JsonElement Value, Predicate<JsonElement> Fits)[] Members =>
    [
        ("name", Name, IsText), ("appKey", AppKey, IsText), ("titleTemplate", TitleTemplate, IsText), ("silentAfterHours", SilentAfterHours, IsHours),
        ("oneTime", OneTime, IsFlag), ("flatten", Flatten, IsFlag), ("okAfterHours", OkAfterHours, IsHours),
    ];

    /// <returns>The changed source; null when there is a <see cref="WrongMember"/>.</returns>
    public NewSource? ApplyTo(AlertSource source) => WrongMember is not null ? null : new NewSource(
        Text(Name, source.Name), Text(AppKey, source.AppKey), Text(TitleTemplate, source.TitleTemplate), source.HeaderName,
        Hours(SilentAfterHours, source.SilentAfterHours), Flag(OneTime, source.OneTime), source.Kind.Name(), source.Format,
        Flag(Flatten, source.Flatten), Hours(OkAfterHours, source.OkAfterHours)).Trimmed();

    // A record's ToString prints its members; the app key must not reach a log.
    public override string ToString() => nameof(SourceChange);

    private static bool IsText(JsonElement member) => IsAbsent(member) || member.ValueKind == JsonValueKind.String;

    private static bool IsFlag(JsonElement member) => IsAbsent(member) || member.ValueKind is JsonValueKind.True or JsonValueKind.False;

    private static bool IsHours(JsonElement member) => IsAbsent(member) || (member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out _));

    private static bool IsAbsent(JsonElement member) => member.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    private static string? Text(JsonElement member, string? before) => member.ValueKind == JsonValueKind.Undefined ? before : member.GetString();

    private static bool Flag(JsonElement member, bool before) => member.ValueKind switch
    {
        JsonValueKind.Undefined => before,
        JsonValueKind.Null => false,
        _ => member.GetBoolean(),
    };

    private static int? Hours(JsonElement member, int? before) => member.ValueKind switch
    {
        JsonValueKind.Undefined => before,
        JsonValueKind.Null => null,
        _ => member.GetInt32(),
    };
}

internal sealed record SourceError(string Field, string Detail, int? Position = null);
