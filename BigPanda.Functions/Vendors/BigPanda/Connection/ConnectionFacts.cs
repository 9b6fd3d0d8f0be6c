using System.Text.Json.Serialization;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>What was known of a key when it was connected.</summary>
internal sealed record ConnectionFacts
{
    public IReadOnlyList<BigPandaEnvironment> Environments { get; init => field = value ?? []; } = [];

    /// <summary>May exceed the number listed.</summary>
    public int EnvironmentCount { get; init; }

    public required string ConnectedBy { get; init; }
    public required DateTimeOffset ConnectedAt { get; init; }
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <returns>Whole days until the key expires; negative after that.</returns>
    public int? DaysLeft(DateTimeOffset now) => ExpiresOn is { } end ? (int)Math.Floor((end - now).TotalDays) : null;
}

[JsonSerializable(typeof(ConnectionFacts))]
internal sealed partial class ConnectionFactsJson : JsonSerializerContext;
