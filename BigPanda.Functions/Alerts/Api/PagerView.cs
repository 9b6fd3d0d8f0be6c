using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Alerts.Api;

/// <summary>The latest page of an alert in PagerDuty. Its routing key is not shown.</summary>
internal sealed record PagerView(
    PagerViewState State, string? PageId, string? IncidentId, string? Url, int Attempts, string? LastError, DateTime? OpenedAt, DateTime? UpdatedAt)
{
    /// <summary>Why a firing alert has no page, or why its end is not sent yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Held { get; init; }

    /// <summary>Set while a failed attempt waits for its retry.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? NextAttemptAt { get; init; }

    /// <summary>True for a page that was planned in shadow mode, and so never sent; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Shadow { get; init; }

    /// <returns>Null while PagerDuty has nothing to do with the alert.</returns>
    public static PagerView? Of(Alert alert) => (alert.PagerDuty, alert.PagerDuty?.ViewFor(alert.IsFiring)) switch
    {
        ({ } pager, PagerViewState.NotPaged) => new PagerView(PagerViewState.NotPaged, null, null, null, 0, null, null, null) { Held = pager.Held },
        ({ Latest: { } page } pager, { } state) => Of(page, state) with { Held = pager.Held },
        _ => null,
    };

    private static PagerView Of(Page page, PagerViewState state) => new(
        state, page.Id, page.Incident?.Id, page.Incident?.Url, page.Attempts, page.LastError, page.OpenedAt.UtcDateTime, page.UpdatedAt?.UtcDateTime)
    {
        NextAttemptAt = page.NextAttemptAt?.UtcDateTime,
        Shadow = page.IsShadow,
    };
}
