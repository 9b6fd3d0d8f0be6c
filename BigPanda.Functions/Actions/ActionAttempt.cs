using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Brake;

namespace BigPanda.Functions.Actions;

/// <summary>What came of one attempt. <see cref="ActionRunner"/> alone decides what follows from it.</summary>
/// <param name="Detail">For people; it appears in the alert's timeline.</param>
public abstract record ActionAttempt(string Detail)
{
    /// <summary>The destination accepted the action.</summary>
    public sealed record Done(string Detail) : ActionAttempt(Detail);

    /// <summary>Accepted, and takes effect later: whether it did is checked after the delay.</summary>
    public sealed record DoneAndVerifyAfter(string Detail, TimeSpan Delay) : ActionAttempt(Detail);

    /// <summary>Accepted before, and the destination does not show it yet: it is verified again after the delay. The alert has nothing to learn.</summary>
    public sealed record NotShown(string Detail, TimeSpan Delay) : ActionAttempt(Detail);

    /// <summary>The destination shows that what the action is for is the case.</summary>
    /// <param name="External">The pager's incident that shows it.</param>
    public sealed record Confirmed(string Detail, PagerIncident? External = null) : ActionAttempt(Detail);

    /// <summary>What the destination shows was sent to the alert as an event.</summary>
    public sealed record Observed(string Detail) : ActionAttempt(Detail);

    /// <summary>May succeed later. The detail is the error.</summary>
    /// <param name="After">The least delay that the destination asked for.</param>
    /// <param name="IsUnanswered">The call may have been carried out.</param>
    public sealed record Retry(string Detail, TimeSpan? After = null, bool IsUnanswered = false) : ActionAttempt(Detail);

    /// <summary>Cannot succeed until a person changes a key or a setting.</summary>
    /// <param name="Rest">The least time until it is sent again, unless a key is connected before.</param>
    /// <param name="IsReported">False for work behind an action that was accepted: the alert shows it as done meanwhile.</param>
    public sealed record Park(string Detail, TimeSpan Rest = default, bool IsReported = true) : ActionAttempt(Detail);

    /// <summary>Not made: the brake holds it until a person decides, and no attempt is counted.</summary>
    /// <param name="Engagement">Of the brake.</param>
    public sealed record Held(string Detail, BrakeKind Brake, long Engagement) : ActionAttempt(Detail);

    /// <summary>Will never succeed.</summary>
    public sealed record Fail(string Detail) : ActionAttempt(Detail);

    /// <summary>No longer wanted: nothing was done.</summary>
    public sealed record Moot(string Detail) : ActionAttempt(Detail);

    /// <summary>Not made: the message returns to the queue, and no attempt is counted.</summary>
    /// <param name="After">When it is worth another try; null for at once.</param>
    public sealed record GivenBack(string Detail, TimeSpan? After = null) : ActionAttempt(Detail);
}
