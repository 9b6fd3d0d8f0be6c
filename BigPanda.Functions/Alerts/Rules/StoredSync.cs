using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>
/// How rows hold <see cref="Alert.BigPanda"/> and <see cref="Alert.Resolve"/>: in one member, as the version before reads them. This version reads
/// separate members too; the next one writes them, and this record goes.
/// </summary>
internal sealed record StoredSync
{
    public SyncState State { get; init; }
    public string? CloseId { get; init; }
    public string? LastCloseId { get; init; }
    public string? Comment { get; init; }
    public bool IsAccepted { get; init; }
    public int Attempts { get; init; }
    public int ReportedAttempt { get; init; }
    public DateTimeOffset? ReportedAt { get; init; }
    public string? LastError { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDropped { get; init; }
    public DateTimeOffset? NextAttemptAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }
    public DateTimeOffset? AskedAt { get; init; }
    public Stamp Seen { get; init; }
    public Gravity? SeenGravity { get; init; }
    public Stamp? WorseSince { get; init; }

    public static StoredSync Of(DestinationSync sync, PendingResolve? resolve) => new()
    {
        State = sync.State,
        CloseId = sync.ActionId,
        LastCloseId = sync.LastActionId,
        Comment = resolve?.Comment,
        IsAccepted = sync.IsAccepted,
        Attempts = sync.Attempts,
        ReportedAttempt = sync.ReportedAttempt,
        ReportedAt = sync.ReportedAt,
        LastError = sync.LastError,
        IsDropped = sync.IsDropped,
        NextAttemptAt = sync.NextAttemptAt,
        UpdatedAt = sync.UpdatedAt,
        AskedAt = resolve?.AskedAt,
        Seen = resolve?.Seen ?? default,
        SeenGravity = resolve?.SeenGravity,
        WorseSince = resolve?.WorseSince,
    };

    public DestinationSync ToSync() => new()
    {
        State = State,
        ActionId = CloseId,
        LastActionId = LastCloseId,
        IsAccepted = IsAccepted,
        Attempts = Attempts,
        ReportedAttempt = ReportedAttempt,
        ReportedAt = ReportedAt,
        LastError = LastError,
        IsDropped = IsDropped,
        NextAttemptAt = NextAttemptAt,
        UpdatedAt = UpdatedAt,
    };

    /// <summary>Null when no resolve is under way: the version before cleared its members then.</summary>
    public PendingResolve? ToResolve() => Comment is null && AskedAt is null && SeenGravity is null ? null : new PendingResolve
    {
        Comment = Comment,
        AskedAt = AskedAt,
        Seen = Seen,
        SeenGravity = SeenGravity,
        WorseSince = WorseSince,
    };
}
