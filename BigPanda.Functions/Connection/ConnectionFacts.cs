using System.Text.Json.Serialization;
using BigPanda.Functions.BigPandaApi;

namespace BigPanda.Functions.Connection;

/// <summary>What was known when a key was connected; nothing that would be true of another key.</summary>
internal sealed record ConnectionFacts
{
    public IReadOnlyList<BigPandaEnvironment> Environments { get; init => field = value ?? []; } = [];

    /// <summary>How many there were, when not all are listed.</summary>
    public int EnvironmentCount { get; init; }

    public required string ConnectedBy { get; init; }
    public required DateTimeOffset ConnectedAt { get; init; }
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <summary>Whole days until the key expires; below zero when it has.</summary>
    public int? DaysLeft(DateTimeOffset now) => ExpiresOn is { } end ? (int)Math.Floor((end - now).TotalDays) : null;
}

[JsonSerializable(typeof(ConnectionFacts))]
internal sealed partial class ConnectionFactsJson : JsonSerializerContext;
