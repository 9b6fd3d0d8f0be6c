using System.Text.Json.Serialization;
using BigPanda.Functions.BigPandaApi;

namespace BigPanda.Functions.Connection;

/// <summary>What may be known of the connection: everything but the key.</summary>
internal sealed record ConnectionFacts
{
    private const int SuffixChars = 4;

    /// <summary>Of a short key even four characters would be too much.</summary>
    private const int ShortKey = 16;

    public required string ApiBaseUrl { get; init; }
    public string? KeySuffix { get; init; }
    public string? DefaultEnvironmentId { get; init; }
    public IReadOnlyList<BigPandaEnvironment> Environments { get; init; } = [];

    /// <summary>How many there were, when not all are listed.</summary>
    public int EnvironmentCount { get; init; }

    public required string ConnectedBy { get; init; }
    public required DateTimeOffset ConnectedAt { get; init; }
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <summary>Whole days until the key expires; below zero when it has.</summary>
    public int? DaysLeft(DateTimeOffset now) => ExpiresOn is { } end ? (int)Math.Floor((end - now).TotalDays) : null;

    public static string? SuffixOf(string apiKey) => apiKey.Length < ShortKey ? null : apiKey[^SuffixChars..];
}

[JsonSerializable(typeof(ConnectionFacts))]
internal sealed partial class ConnectionFactsJson : JsonSerializerContext;
