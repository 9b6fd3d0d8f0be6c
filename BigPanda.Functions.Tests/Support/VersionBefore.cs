using System.Text.Json.Serialization;

namespace BigPanda.Functions.Tests.Support;

/// <summary>
/// How the version before reads what this one writes: its records, kept as they were. A rolling deployment and a rollback run both versions on
/// the same rows and queues.
/// </summary>
internal static class VersionBefore
{
    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(CloseIncidentAction), "close")]
    [JsonDerivedType(typeof(AddCommentAction), "comment")]
    [JsonDerivedType(typeof(SendCallbackAction), "callback")]
    internal abstract record AlertAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
    {
        public string? TraceParent { get; init; }
        public IReadOnlyList<string>? OtherEnvironmentIds { get; init; }
    }

    internal sealed record CloseIncidentAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
        : AlertAction(IncidentId, ActionId, EnvironmentId, Comment)
    {
        public int AttemptsBefore { get; init; }
    }

    internal sealed record AddCommentAction(string IncidentId, string ActionId, string? EnvironmentId, string Comment)
        : AlertAction(IncidentId, ActionId, EnvironmentId, Comment);

    internal sealed record SendCallbackAction(string IncidentId, string ActionId, string SourceId, DateTimeOffset LockedSince)
        : AlertAction(IncidentId, ActionId, null, "");

    /// <param name="Result">A number: Accepted, Closed, Retrying, Parked, Released, Failed.</param>
    internal sealed record ActionReported(
        string IncidentId, string ActionId, int Result, int Attempt, string Detail, DateTimeOffset At, string MessageId)
    {
        public DateTimeOffset? NextAttemptAt { get; init; }
    }

    internal sealed record Alert(BigPandaSync? Sync);

    internal sealed record BigPandaSync
    {
        public int State { get; init; }
        public string? CloseId { get; init; }
        public string? LastCloseId { get; init; }
        public string? Comment { get; init; }
        public bool IsAccepted { get; init; }
        public int Attempts { get; init; }
        public int ReportedAttempt { get; init; }
        public DateTimeOffset? ReportedAt { get; init; }
        public string? LastError { get; init; }
        public DateTimeOffset? NextAttemptAt { get; init; }
        public DateTimeOffset? UpdatedAt { get; init; }
        public DateTimeOffset? AskedAt { get; init; }
    }
}
