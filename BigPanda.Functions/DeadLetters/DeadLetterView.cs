using System.Text.Json.Serialization;

namespace BigPanda.Functions.DeadLetters;

/// <summary>A dead letter, for people.</summary>
/// <param name="Id">Its sequence number: unique in its queue, and as text, because JavaScript's numbers do not hold all of them.</param>
/// <param name="OriginalId">The message id of the first send.</param>
/// <param name="Kind">Null when this build cannot read the message.</param>
/// <param name="IncidentId">BigPanda's; null in the queues of PagerDuty's events and monitors' alerts.</param>
/// <param name="Error">Redacted.</param>
/// <param name="FirstAt">When it was first received or sent.</param>
/// <param name="LastAt">When it was dead-lettered; null if Service Bus did that, or an earlier version, and the time is not known.</param>
/// <param name="Attempts">How often it was processed since it was last replayed, by what its counters say.</param>
/// <param name="Problem">Why this build cannot read it; null when it can.</param>
/// <param name="Body">Redacted, and its beginning only; null when it is neither JSON nor text, or missing.</param>
internal sealed record DeadLetterView(
    string Id, string MessageId, string OriginalId, string SessionId, string? Kind, string? IncidentId, string? SourceId, string Reason, string Error,
    DateTimeOffset FirstAt, DateTimeOffset? LastAt, int Attempts, int Replays, string? Problem, int BodyBytes, string? Body);

/// <param name="Continuation">Null on the last page.</param>
internal sealed record DeadLetterPage(IReadOnlyList<DeadLetterView> Items, string? Continuation);

/// <summary>What a replay did with a dead letter, or would do.</summary>
/// <param name="MessageId">Of the message that was or would be sent.</param>
internal sealed record ReplayItem(string Id, string Outcome, string Detail, string? OriginalId = null, string? IncidentId = null, string? MessageId = null);

/// <param name="Counts">The number of items of each outcome.</param>
/// <param name="Continuation">With <c>all</c>, and dead letters left: to be sent with the next call. Null otherwise.</param>
internal sealed record ReplayReport(
    string Queue, bool DryRun, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<ReplayItem> Items, string? Continuation);

/// <summary>The outcomes of <see cref="ReplayItem"/>. Clients branch on them.</summary>
internal static class ReplayOutcomes
{
    public const string Sent = "sent";
    public const string WouldSend = "wouldSend";

    /// <summary>Removed, and not sent: no longer wanted.</summary>
    public const string Dropped = "dropped";
    public const string WouldDrop = "wouldDrop";

    /// <summary>Left where it is.</summary>
    public const string Kept = "kept";
    public const string WouldKeep = "wouldKeep";

    /// <summary>No dead letter has the id.</summary>
    public const string NotFound = "notFound";

    /// <summary>Another receiver holds it.</summary>
    public const string Locked = "locked";

    /// <summary>The call ended before its turn came.</summary>
    public const string NotReached = "notReached";
}

[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class DeadLetterViewJson : JsonSerializerContext;
