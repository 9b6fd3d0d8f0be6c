using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Rebuilding;

internal enum RebuildOutcome
{
    /// <summary>The stored alert is what its history folds to.</summary>
    Same,

    Different,

    /// <summary>What is kept does not suffice.</summary>
    Unknown,
}

/// <summary>What comes of folding an alert again. Nothing is changed by it.</summary>
internal sealed record RebuildReport
{
    public required string IncidentId { get; init; }
    public required DateTime CheckedAt { get; init; }
    public required RebuildOutcome Outcome { get; init; }

    /// <summary>The outcome in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Null when the outcome is unknown.</summary>
    public required RebuildFrom? From { get; init; }

    /// <summary>Deliveries that were applied again, of so many rows of the timeline.</summary>
    public required int Deliveries { get; init; }
    public required int Rows { get; init; }
    public required IReadOnlyList<MemberDifference> Differences { get; init; }

    /// <summary>Members that differ and may do so because of what is not kept.</summary>
    public required IReadOnlyList<MemberDifference> NotCompared { get; init; }

    /// <summary>What limits the comparison.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <param name="differences">Null when the alert could not be folded.</param>
    public static RebuildReport Of(Rebuild rebuild, Alert stored, IReadOnlyList<MemberDifference>? differences, DateTimeOffset now)
    {
        var isCut = rebuild.Without.Count > 0;
        var outcome = differences is null ? RebuildOutcome.Unknown
            : differences.Count == 0 ? RebuildOutcome.Same
            : isCut ? RebuildOutcome.Unknown : RebuildOutcome.Different;
        return new RebuildReport
        {
            IncidentId = stored.IncidentId,
            CheckedAt = now.UtcDateTime,
            Outcome = outcome,
            Summary = Describe(rebuild, differences, outcome),
            From = differences is null ? null : RebuildFrom.Of(rebuild),
            Deliveries = differences is null ? 0 : rebuild.Deliveries,
            Rows = stored.TimelineLength,
            Differences = isCut ? [] : differences ?? [],
            NotCompared = isCut ? differences ?? [] : [],
            Notes = [.. Limits(rebuild, differences)],
        };
    }

    private static string Describe(Rebuild rebuild, IReadOnlyList<MemberDifference>? differences, RebuildOutcome outcome)
    {
        var start = rebuild.From.Row == 0 ? "from nothing" : $"from the snapshot at row {rebuild.From.Row} of the timeline";
        var folded = $"Folded {start} over {rebuild.Deliveries} deliveries";
        return outcome switch
        {
            RebuildOutcome.Same => $"{folded}: the stored alert is the same in every member.",
            RebuildOutcome.Different => $"{folded}: the stored alert differs in {differences?.Count} members.",
            _ when differences is null => $"The alert cannot be folded again: {rebuild.Gap}.",
            _ => $"{folded}: the stored alert differs in {differences.Count} members, which may come from members of the deliveries that are not kept.",
        };
    }

    private static IEnumerable<string> Limits(Rebuild rebuild, IReadOnlyList<MemberDifference>? differences)
    {
        if (differences is not null && rebuild.Gap is { } gap) yield return $"It does not begin earlier: {gap}.";
        if (rebuild.Without.Count > 0) yield return $"Deliveries are kept without these members: {string.Join(", ", rebuild.Without)}.";
        if (rebuild.OtherBuilds > 0)
            yield return $"{rebuild.OtherBuilds} deliveries were decided by another build of the bridge: a difference may come from changed rules.";
        if (differences?.Count == MemberComparison.MaxDifferences) yield return $"Only the first {MemberComparison.MaxDifferences} differences are shown.";
    }
}

/// <param name="Row">The row of the timeline whose snapshot it begins with; 0 for nothing.</param>
/// <param name="At">When that row was applied; null for nothing.</param>
internal sealed record RebuildFrom(int Row, DateTime? At)
{
    public static RebuildFrom Of(Rebuild rebuild) => new(rebuild.From.Row, rebuild.From.At?.UtcDateTime);
}

[JsonSerializable(typeof(RebuildReport))]
[JsonSerializable(typeof(DeliveriesRemoved))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(CamelCaseEnum<RebuildOutcome>)])]
internal sealed partial class RebuildJson : JsonSerializerContext;
