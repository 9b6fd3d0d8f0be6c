using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// What the console's list shows of an alert, under the names of the alert's JSON: about half a kilobyte. It is stored in the listing row as the
/// text that is sent, so that a list of thousands costs one read per thousand and no serialization.
/// </summary>
/// <param name="Events">Rows of the timeline: grows with each message, so that an alert's page knows when to read again.</param>
internal sealed record ListRow(
    string IncidentId, AlertStatus? Status, string Title, string? Severity, string? Environment, bool Acknowledged, string? AcknowledgedBy, int Episode,
    DateTime LastFiredAt, DateTime? ResolvedAt, string? ResolvedBy, DateTime UpdatedAt, int AlertCount, IReadOnlyList<string> Hosts,
    IReadOnlyList<string> Sources, SyncState BigPanda, PagerViewState? PagerDuty, string? Problem, bool Flapping, bool Snoozed, string? Assignee, int Events)
{
    /// <summary>The name changes with the members: rows of an earlier version are then read from their alerts.</summary>
    public const string Column = "List2";

    private const int MaxHosts = 3;
    private const int MaxText = 300;
    private const int MaxName = 100;

    private static readonly JsonTypeInfo<ListRow> Unescaped =
        new ListRowJson(new JsonSerializerOptions(ListRowJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ListRow;

    public static string Write(Alert alert) => Write(alert, alert.Content.Alerts.Count, [.. AlertSummary.HostsOf(alert.Content).Take(MaxHosts)]);

    public static string Write(AlertSummary summary) => Write(summary.Alert, summary.AlertCount, [.. summary.Hosts.Take(MaxHosts)]);

    private static string Write(Alert alert, int alerts, IReadOnlyList<string> hosts) => JsonSerializer.Serialize(
        new ListRow(
            alert.IncidentId,
            alert.Life.Status,
            Wording.Shorten(alert.Content.Title, MaxText),
            Wording.Shorten(alert.Content.Severity, MaxName),
            Wording.Shorten(alert.Content.Environment?.Name ?? alert.Content.Environment?.Id, MaxName),
            alert.IsAcknowledged,
            alert.IsAcknowledged ? Wording.Shorten(alert.Acknowledgement?.Actor, MaxName) : null,
            alert.Life.Episode,
            alert.Life.LastFiredAt.UtcDateTime,
            alert.Life.ResolvedAt?.UtcDateTime,
            alert.IsFiring ? null : Wording.Shorten(alert.Life.ResolvedBy ?? alert.Life.ResolvedVia, MaxName),
            alert.UpdatedAt.UtcDateTime,
            alerts,
            hosts,
            alert.Sources,
            alert.BigPanda.State,
            alert.PagerDuty?.ViewFor(alert.IsFiring),
            Wording.Shorten(ProblemOf(alert), MaxText),
            alert.Content.Flapping,
            alert.Content.Snoozed,
            Wording.Shorten(alert.Content.Assignee, MaxName),
            alert.TimelineLength),
        Unescaped);

    /// <summary>Why something waits for a person.</summary>
    private static string? ProblemOf(Alert alert) => alert switch
    {
        { BigPanda.State: SyncState.Parked or SyncState.Failed } => alert.BigPanda.LastError,
        { PagerDuty.Latest: { IsParked: true } or { HasFailed: true } } => alert.PagerDuty.Latest.LastError,
        _ => null,
    };
}

[JsonSerializable(typeof(ListRow))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(CamelCaseEnum<AlertStatus>), typeof(CamelCaseEnum<SyncState>), typeof(CamelCaseEnum<PagerViewState>)])]
internal sealed partial class ListRowJson : JsonSerializerContext;
