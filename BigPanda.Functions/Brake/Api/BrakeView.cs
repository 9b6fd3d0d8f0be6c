using System.Text.Json.Serialization;
using BigPanda.Functions.Actions;

namespace BigPanda.Functions.Brake.Api;

/// <param name="Minutes">What is counted together.</param>
internal sealed record BrakesView(int Minutes, IReadOnlyList<BrakeView> Brakes)
{
    public static BrakesView Of(IEnumerable<BrakeView> brakes) => new((int)BrakeStore.Window.TotalMinutes, [.. brakes]);
}

/// <summary>One brake, and what it holds.</summary>
/// <param name="Limit">0: it is off.</param>
/// <param name="Counted">In the last ten minutes, or since the latest release; at most an eighth too much.</param>
/// <param name="Held">Counted up to 10,000.</param>
internal sealed record BrakeView(BrakeKind Kind, int Limit, int Counted, bool Engaged, DateTime? EngagedAt, int Held)
{
    /// <summary>What a release decides about. Null before the first.</summary>
    public required long? Engagement { get; init; }

    /// <summary>When the first and the last of those were held.</summary>
    public required DateTime? FirstHeldAt { get; init; }
    public required DateTime? LastHeldAt { get; init; }

    /// <summary>The most frequent first.</summary>
    public required IReadOnlyList<CauseView> Causes { get; init; }

    /// <summary>Incident ids, at most 20.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Null before the first.</summary>
    public required ReleaseView? LastRelease { get; init; }

    public static BrakeView Of(BrakeKind kind, int limit, BrakeState state, HeldSummary held) =>
        new(kind, limit, state.Counted, state.Holding is not null, state.Holding?.At.UtcDateTime, held.Count)
        {
            Engagement = state.Newest?.Number,
            FirstHeldAt = held.FirstAt?.UtcDateTime,
            LastHeldAt = held.LastAt?.UtcDateTime,
            Causes = [.. held.Causes.Select(cause => new CauseView(cause.Via ?? "bridge", cause.Actor, cause.Count))],
            Examples = held.Examples,
            LastRelease = state.LatestRelease is { } release ? new ReleaseView(release.At.UtcDateTime, release.Actor, release.Drop, release.Reason) : null,
        };
}

/// <param name="Via">api, pagerduty, reconciler, verification, webhook, or bridge for what no one asked for.</param>
/// <param name="Actor">The person, or the source of webhooks.</param>
internal sealed record CauseView(string Via, string? Actor, int Count);

internal sealed record ReleaseView(DateTime At, string Actor, bool Drop, string? Reason);

[JsonSerializable(typeof(BrakesView))]
[JsonSerializable(typeof(BrakeView))]
[JsonSerializable(typeof(ReleaseBody))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class BrakeViewJson : JsonSerializerContext;
