namespace BigPanda.Functions.Sources;

/// <summary>Where webhooks come from: one Notifications Webhook integration in BigPanda.</summary>
public sealed record AlertSource
{
    /// <summary>At most this many tokens are live: the old one and its successor.</summary>
    public const int MaxTokens = 2;

    public const string UsualHeader = "Authorization";

    /// <summary>The last part of the callback URL.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The header that carries the token. In <c>Authorization</c> it follows the word Bearer; any other holds the bare token.</summary>
    // Generated JSON readers set a member that a row lacks to null, whatever its initializer says.
    public string HeaderName { get; init => field = value ?? UsualHeader; } = UsualHeader;

    /// <summary>The integration's app key, for BigPanda's callback service; null when that is not used.</summary>
    // In a table, unlike the API key: it names an integration and opens nothing, as every call that takes it needs a token as well.
    public string? AppKey { get; init; }

    public string? TitleTemplate { get; init; }

    /// <summary>Its own rhythm: without a delivery for longer it is reported as silent. Null for the setting's.</summary>
    public int? SilentAfterHours { get; init; }

    /// <summary>BigPanda's option forceOneTime is on for the integration: of each incident it sends the first share and nothing more.</summary>
    public bool OneTime { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyList<SourceToken> Tokens { get; init; }

    // A record prints its members; the app key must not reach a log.
    public override string ToString() => $"{nameof(AlertSource)} {Id}";
}

/// <summary>A token as it is kept: enough to recognise it, not enough to use it.</summary>
/// <param name="Prefix">Its first characters, for people who compare it with what BigPanda has.</param>
public sealed record SourceToken(string Id, string Prefix, byte[] Sha256, DateTimeOffset CreatedAt);
