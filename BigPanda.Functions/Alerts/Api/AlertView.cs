using System.Globalization;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Api;

/// <summary>An alert as the API returns it. Times are UTC <see cref="DateTime"/>s, which serialize with Z.</summary>
internal sealed record AlertView
{
    public required string IncidentId { get; init; }
    public required AlertStatus? Status { get; init; }
    public required bool Acknowledged { get; init; }

    /// <summary>The person and the time are known of an acknowledgement in PagerDuty only.</summary>
    public required ResolverView? AcknowledgedBy { get; init; }
    public required DateTime? AcknowledgedAt { get; init; }
    public required int Episode { get; init; }
    public required string Title { get; init; }
    public required string? Severity { get; init; }
    public required string? IncidentStatus { get; init; }
    public required IncidentEnvironment? Environment { get; init; }
    public required string? Url { get; init; }
    public required bool Flapping { get; init; }
    public required bool Snoozed { get; init; }
    public required DateTime? SnoozedUntil { get; init; }
    public required bool OneTime { get; init; }
    public required string? Priority { get; init; }
    public required string? Assignee { get; init; }
    public required string? Assigner { get; init; }
    public required IReadOnlyDictionary<string, TagValue> Tags { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DetailView>? Alerts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RelatedChange>? RelatedChanges { get; init; }

    /// <summary>In lists only, in place of the alerts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AlertCount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Hosts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Omitted { get; init; }
    public required DateTime? FirstFiredAt { get; init; }
    public required DateTime? LastFiredAt { get; init; }
    public required DateTime? ResolvedAt { get; init; }
    public required ResolverView? ResolvedBy { get; init; }
    public required IReadOnlyList<EpisodeView> Episodes { get; init; }
    public required SyncView BigPanda { get; init; }
    public required PagerView? PagerDuty { get; init; }
    public required IReadOnlyList<string> Sources { get; init; }
    public required DateTime UpdatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TimelineView>? Timeline { get; init; }

    /// <summary>Absent on the last page of the timeline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimelineContinuation { get; init; }

    /// <summary>A whole alert with a page of its timeline.</summary>
    public static AlertView Of(Alert alert, TimelinePage timeline) => Of(alert) with
    {
        Alerts = Details(alert.Content),
        RelatedChanges = alert.Content.RelatedChanges,
        Timeline = [.. timeline.Entries.Select(TimelineView.Of)],
        TimelineContinuation = timeline.Next?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>An item of a list.</summary>
    public static AlertView Of(AlertSummary summary) => Of(summary.Alert) with { AlertCount = summary.AlertCount, Hosts = summary.Hosts };

    public static IReadOnlyList<DetailView> Details(AlertContent content) => [.. content.Alerts.Select(DetailView.Of)];

    private static AlertView Of(Alert alert) => new()
    {
        IncidentId = alert.IncidentId,
        Status = alert.Life.Status,
        Acknowledged = alert.IsAcknowledged,
        AcknowledgedBy = !alert.IsAcknowledged ? null
            : alert.Acknowledgement is { } taken ? new ResolverView(taken.Via, taken.Actor)
            : new ResolverView(ResolvedVia.BigPanda, null),
        AcknowledgedAt = alert.IsAcknowledged ? alert.Acknowledgement?.At.UtcDateTime : null,
        Episode = alert.Life.Episode,
        Title = alert.Content.Title,
        Severity = alert.Content.Severity,
        IncidentStatus = alert.Content.IncidentStatus,
        Environment = alert.Content.Environment,
        // Rows of earlier versions hold unchecked links.
        Url = WebLink.Of(alert.Content.Url),
        Flapping = alert.Content.Flapping,
        Snoozed = alert.Content.Snoozed,
        SnoozedUntil = alert.Content.SnoozedUntil?.UtcDateTime,
        OneTime = alert.Content.IsOneTime,
        Priority = alert.Content.Priority,
        Assignee = alert.Content.Assignee,
        Assigner = alert.Content.Assigner,
        Tags = alert.Content.Tags,
        Omitted = alert.Content.Omitted,
        FirstFiredAt = alert.Life.FirstFiredAt.UtcDateTime,
        LastFiredAt = alert.Life.LastFiredAt.UtcDateTime,
        ResolvedAt = alert.Life.ResolvedAt?.UtcDateTime,
        ResolvedBy = alert.Life.ResolvedVia is { } via ? new ResolverView(via, alert.Life.ResolvedBy) : null,
        Episodes = [.. alert.History.Episodes().Select(EpisodeView.Of)],
        BigPanda = SyncView.Of(alert.BigPanda),
        PagerDuty = PagerView.Of(alert),
        Sources = alert.Sources,
        UpdatedAt = alert.UpdatedAt.UtcDateTime,
    };
}

/// <param name="DurationSeconds">From fire to resolve; null while it fires. At least 0: the two times can be from different clocks.</param>
internal sealed record EpisodeView(int Number, DateTime FiredAt, DateTime? ResolvedAt, ResolverView? ResolvedBy, long? DurationSeconds)
{
    public static EpisodeView Of(Episode episode) => new(
        episode.Number,
        episode.FiredAt.UtcDateTime,
        episode.ResolvedAt?.UtcDateTime,
        episode.ResolvedVia is { } via ? new ResolverView(via, episode.ResolvedBy) : null,
        episode.ResolvedAt is { } end ? Math.Max(0, (long)(end - episode.FiredAt).TotalSeconds) : null);
}

internal sealed record DetailView(string? Id, string? Status, string? Source, string? Description, IReadOnlyDictionary<string, TagValue> Tags)
{
    public static DetailView Of(AlertDetail alert) => new(alert.Id, alert.Status, alert.Source, alert.Description, alert.Tags);
}

internal sealed record ResolverView(string Via, string? Actor);

internal sealed record SyncView(SyncState State, int Attempts, string? LastError, DateTime? UpdatedAt)
{
    /// <summary>Set while a failed attempt waits for its retry.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? NextAttemptAt { get; init; }

    public static SyncView Of(DestinationSync sync) =>
        new(sync.State, sync.Attempts, sync.LastError, sync.UpdatedAt?.UtcDateTime) { NextAttemptAt = sync.NextAttemptAt?.UtcDateTime };
}

internal sealed record TimelineView(DateTime At, string Kind, Verdict Verdict, string Reason, int Episode, string? Actor, string? Summary)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Comment { get; init; }

    public static TimelineView Of(TimelineEntry entry) =>
        new(entry.At.UtcDateTime, entry.Kind, entry.Verdict, entry.Reason, entry.Episode, entry.Actor, entry.Summary) { Comment = entry.Comment };
}

[JsonSerializable(typeof(AlertView))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(CamelCaseEnum<AlertStatus>), typeof(CamelCaseEnum<SyncState>), typeof(CamelCaseEnum<Verdict>), typeof(CamelCaseEnum<PagerViewState>)])]
internal sealed partial class AlertViewJson : JsonSerializerContext;
