using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Functions.Alerts.Explaining;

/// <summary>One message: what it was, when, what was decided and what that led to. Members of rows that an earlier version wrote are null.</summary>
internal sealed record ExplainedStep
{
    /// <summary>Number of the row of the timeline.</summary>
    public required int Row { get; init; }

    /// <summary>All of it in sentences.</summary>
    public required string Text { get; init; }

    /// <summary>The kind of message.</summary>
    public required string? Message { get; init; }
    public required string? MessageId { get; init; }

    /// <summary>The source of a webhook.</summary>
    public required string? Source { get; init; }
    public required DateTime? ReceivedAt { get; init; }
    public required DateTime? QueuedAt { get; init; }
    public required DateTime AppliedAt { get; init; }

    /// <summary>The events in it with their verdicts.</summary>
    public required IReadOnlyList<TimelineView> Events { get; init; }

    /// <summary>Null when neither status nor episode changed.</summary>
    public required StatusChange? Transition { get; init; }
    public required IReadOnlyList<ExplainedAction> Actions { get; init; }

    /// <summary>The action whose result this is; null for any other message.</summary>
    public required ReportedAction? ReportOf { get; init; }

    /// <summary>Why the message can no longer be read; absent while it is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NotKept { get; init; }

    public static ExplainedStep Of(ExplainedRow row, ActionTrail trail)
    {
        var facts = row.Facts;
        var transition = StatusChange.Of(facts);
        IReadOnlyList<ExplainedAction> actions = [.. (facts?.Actions ?? []).Select(trail.Explain)];
        return new ExplainedStep
        {
            Row = row.Number,
            Text = string.Join(' ', Sentences.Of(row, transition, actions)),
            Message = facts?.Subject,
            MessageId = facts?.MessageId,
            Source = facts?.Source,
            ReceivedAt = facts?.ReceivedAt?.UtcDateTime,
            QueuedAt = facts?.QueuedAt?.UtcDateTime,
            AppliedAt = row.AppliedAt.UtcDateTime,
            Events = [.. row.Entries.Select(TimelineView.Of)],
            Transition = transition,
            Actions = actions,
            ReportOf = facts?.Report is { } report ? new ReportedAction(report.ActionId, report.Kind, trail.FindPlanner(report)) : null,
            NotKept = facts?.NotKept,
        };
    }
}

/// <param name="From">Null when there was no alert before.</param>
internal sealed record StatusChange(AlertStatus? From, int FromEpisode, AlertStatus? To, int ToEpisode)
{
    public static StatusChange? Of(StepFacts? facts) =>
        facts is null || (facts.StatusBefore, facts.EpisodeBefore) == (facts.Status, facts.Episode)
            ? null
            : new StatusChange(facts.StatusBefore, facts.EpisodeBefore, facts.Status, facts.Episode);
}

/// <param name="PlannedInRow">Null when that row is not on this page.</param>
internal sealed record ReportedAction(string ActionId, string Kind, int? PlannedInRow);
