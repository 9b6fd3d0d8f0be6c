using BigPanda.Functions.Alerts.Explaining;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Http;

namespace BigPanda.Functions.Alerts.Retrying;

/// <summary>What a person's wish to try an action again leads to. Pure.</summary>
internal abstract record RetryPlan
{
    /// <summary>
    /// The action has failed and its dead letter is missing, which may be so for a moment: a failure is reported before its dead letter is there, and a
    /// replay removes the dead letter while its report waits in the queue.
    /// </summary>
    public virtual bool MissesLetter => false;

    /// <summary>Its dead letter is replayed: the same action, under another message id.</summary>
    internal sealed record Replay(DeadAction Letter) : RetryPlan;

    /// <summary>The close has failed and left no dead letter: the brake held it and a person dropped it, or BigPanda never carried it out.</summary>
    internal sealed record ResolveAgain : RetryPlan
    {
        public override bool MissesLetter => true;
    }

    internal sealed record Refuse(RetryResult.Refused Why) : RetryPlan
    {
        public override bool MissesLetter => Why.Problem == Problems.ActionNotRetryable;
    }

    /// <param name="known">What the timeline and the stored actions say of it; null for nothing.</param>
    /// <param name="letter">Its newest dead letter; null without one.</param>
    public static RetryPlan Of(string actionId, Alert alert, ExplainedAction? known, DeadAction? letter)
    {
        if (known is { State: "parked" or "held" }) return NotFailed(known);
        // Reports of a later attempt: it was sent again since, and the dead letter could not be removed.
        if (letter is not null && known?.Attempts.Any(one => one.Attempt > letter.Attempt) != true) return new Replay(letter);
        if (alert.BigPanda is { State: SyncState.Failed } sync && sync.ActionId == actionId) return new ResolveAgain();
        return known switch
        {
            null => Refusal(Problems.ActionNotFound, "The alert has no action with this id. GET /alerts/{incidentId}/explain lists them.", null),
            { State: "failed" } => Refusal(
                Problems.ActionNotRetryable,
                "The action has failed and has no dead letter: it was dropped, replayed or deleted. "
                + "If it is still needed, do it in the system itself.",
                known.State),
            _ => NotFailed(known),
        };
    }

    private static Refuse NotFailed(ExplainedAction action) => Refusal(Problems.ActionNotFailed, $"{action.Text.TrimEnd('.')}. {Advice(action)}", action.State);

    private static string Advice(ExplainedAction action) => action.State switch
    {
        "parked" => $"It is sent when that is fixed: {WaitsFor(action)?.TrimEnd('.') ?? "store a valid key, or set what is missing"}.",
        "held" => "Release it with POST /brake/release.",
        "pending" => "There is nothing to do.",
        "retrying" => "It is tried again at that time without a request.",
        "accepted" => "Whether it took effect is checked without a request.",
        "done" => "There is nothing to try again.",
        _ => "Wait for its result.",
    };

    private static string? WaitsFor(ExplainedAction action) => action.Attempts.LastOrDefault(one => one.Result == ActionResult.Parked)?.Detail;

    private static Refuse Refusal(Problem problem, string detail, string? state) => new(new RetryResult.Refused(problem, detail) { State = state });
}

/// <summary>What came of the wish.</summary>
internal abstract record RetryResult
{
    internal sealed record Sent(string IncidentId, string MessageId) : RetryResult;

    internal sealed record Refused(Problem Problem, string Detail) : RetryResult
    {
        /// <summary>Of the action, where it is known.</summary>
        public string? State { get; init; }
    }
}
