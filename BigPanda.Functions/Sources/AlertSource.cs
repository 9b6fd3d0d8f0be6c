using System.Text.RegularExpressions;

namespace BigPanda.Functions.Sources;

/// <summary>A sender of webhooks, such as one Notifications Webhook integration in BigPanda, or one monitoring system.</summary>
public sealed partial record AlertSource
{
    /// <summary>An old token and its successor.</summary>
    public const int MaxTokens = 2;

    /// <summary>What an app key is, for a message. It has no character that JSON escapes, so that a response that quotes it is recognised.</summary>
    internal const string AppKeyRule = "at most 200 letters, digits and .:_-";

    public const string UsualHeader = "Authorization";

    public const int UsualOkAfterHours = 24;
    public const int MaxOkAfterHours = 720;

    /// <summary>The last part of the callback URL.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public SourceKind Kind { get; init; }

    /// <summary>The header with the token: <c>Bearer</c> and the token in <c>Authorization</c>, the bare token in any other.</summary>
    // Generated JSON readers set a missing member to null, whatever its initializer says.
    public string HeaderName { get; init => field = value ?? UsualHeader; } = UsualHeader;

    /// <summary>The integration's app key, for BigPanda's callback service; null when that is not used.</summary>
    // In a table, unlike the API key: it identifies an integration and grants nothing without a token.
    public string? AppKey { get; init; }

    public string? TitleTemplate { get; init; }

    /// <summary>The source is reported as silent after this long without a delivery. Null uses the setting.</summary>
    public int? SilentAfterHours { get; init; }

    /// <summary>BigPanda's option forceOneTime is on for the integration: it sends the first share of each incident and nothing more.</summary>
    public bool OneTime { get; init; }

    /// <summary>A monitor's: the name of the format in which it sends. The other kinds have none.</summary>
    public string? Format { get; init; }

    /// <summary>A monitor's: nested objects become tags with dotted names instead of a refused alert.</summary>
    public bool Flatten { get; init; }

    /// <summary>A monitor's: when an alert of a kind that never resolves gets its <c>ok</c>; 0 for never, null for the default.</summary>
    public int? OkAfterHours { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyList<SourceToken> Tokens { get; init; }

    internal static bool IsAppKey(string text) => AppKeyPattern().IsMatch(text);

    // A record's ToString prints its members; the app key must not reach a log.
    public override string ToString() => $"{nameof(AlertSource)} {Id}";

    [GeneratedRegex(@"\A[A-Za-z0-9.:_-]{1,200}\z")]
    private static partial Regex AppKeyPattern();
}

/// <summary>A token as stored: enough to recognise it, not enough to use it.</summary>
/// <param name="Prefix">Its first characters, to compare with the token in BigPanda.</param>
public sealed record SourceToken(string Id, string Prefix, byte[] Sha256, DateTimeOffset CreatedAt);
