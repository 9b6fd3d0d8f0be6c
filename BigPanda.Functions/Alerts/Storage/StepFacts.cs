using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// What links a row of the timeline to its cause and its effects: what was received and when, the change of status, the actions planned, and of which action it
/// is the report. It stays as long as the row; rows of earlier versions have none.
/// </summary>
internal sealed record StepFacts
{
    public required string MessageId { get; init; }

    /// <summary>The kind of message.</summary>
    public required string Subject { get; init; }

    /// <summary>The source that it came from; null for what is not a webhook.</summary>
    public string? Source { get; init; }

    /// <summary>When it was received from outside, when the broker accepted it, and when it was applied; each by its own clock.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }
    public DateTimeOffset? QueuedAt { get; init; }
    public DateTimeOffset AppliedAt { get; init; }

    public Verdict Verdict { get; init; }
    public AlertStatus? StatusBefore { get; init; }
    public AlertStatus? Status { get; init; }
    public int EpisodeBefore { get; init; }
    public int Episode { get; init; }

    public IReadOnlyList<StepAction> Actions { get; init => field = value ?? []; } = [];

    /// <summary>The action whose result this message reported; null for any other message.</summary>
    public StepReport? Report { get; init; }

    /// <summary>Why the message is not kept; null while it is, or when nothing is to be kept.</summary>
    public string? NotKept { get; init; }

    /// <summary>With what the event led to.</summary>
    public StepFacts With(AlertEvent evt, Alert? before, PlannedDecision planned, DateTimeOffset appliedAt) => this with
    {
        AppliedAt = appliedAt,
        Verdict = planned.Decision.Verdict,
        StatusBefore = before?.Life.Status,
        EpisodeBefore = before?.Life.Episode ?? 0,
        Status = planned.Decision.Alert.Life.Status,
        Episode = planned.Decision.Alert.Life.Episode,
        Actions = [.. planned.Actions.Select(action => new StepAction(action.ActionId, action.Kind, action.Destination))],
        Report = evt is ActionReported report
            ? new StepReport(report.ActionId, report.Kind, report.Destination, report.Result, report.Attempt, report.At, report.NextAttemptAt)
            : null,
    };
}

internal sealed record StepAction(string ActionId, string Kind, Destination Destination);

/// <param name="At">By the clock of the instance that acted.</param>
internal sealed record StepReport(
    string ActionId, string Kind, Destination Destination, ActionResult Result, int Attempt, DateTimeOffset At, DateTimeOffset? NextAttemptAt);
