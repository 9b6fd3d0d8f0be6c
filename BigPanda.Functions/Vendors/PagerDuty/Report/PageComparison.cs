using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Vendors.PagerDuty.Pages;

namespace BigPanda.Functions.Vendors.PagerDuty.Report;

[JsonConverter(typeof(JsonStringEnumConverter<PageDifference>))]
internal enum PageDifference
{
    /// <summary>The bridge would have paged, and no other integration has.</summary>
    [JsonStringEnumMemberName("onlyBridge")]
    OnlyBridge = 1,

    /// <summary>Another integration has paged, and the bridge would not have.</summary>
    [JsonStringEnumMemberName("onlyPagerDuty")]
    OnlyPagerDuty = 2,

    /// <summary>The bridge's page would still be open.</summary>
    [JsonStringEnumMemberName("openHere")]
    OpenHere = 3,

    /// <summary>The other integration's incident is still open.</summary>
    [JsonStringEnumMemberName("openThere")]
    OpenThere = 4,

    /// <summary>One was opened well before the other.</summary>
    [JsonStringEnumMemberName("openedApart")]
    OpenedApart = 5,
}

/// <summary>An alert that the bridge would have paged otherwise than another integration did.</summary>
/// <param name="Held">Why the bridge has no page, or has not ended it; null when it says nothing.</param>
internal sealed record PageComparison(
    string IncidentId, string Title, PageDifference Difference, BridgePage? Bridge, OtherPage? PagerDuty, string? Held)
{
    /// <summary>Webhooks may be minutes late, on both sides.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <param name="foreign">Of the alert's incident, from other integrations.</param>
    /// <returns>Null when both agree, or it is too early to say.</returns>
    public static PageComparison? Of(Alert alert, IEnumerable<ForeignPage> foreign, DateTimeOffset now)
    {
        var ours = alert.PagerDuty?.Latest;
        // The newest is that of the present episode.
        var theirs = foreign.MaxBy(page => page.OpenedAt ?? page.ResolvedAt);
        return Find(ours, theirs, now) is { } difference
            ? new PageComparison(alert.IncidentId, alert.Content.Title, difference, BridgePage.Of(ours), OtherPage.Of(theirs), alert.PagerDuty?.Held)
            : null;
    }

    private static PageDifference? Find(Page? ours, ForeignPage? theirs, DateTimeOffset now)
    {
        if (ours is null) return theirs is null || IsRecent(theirs.OpenedAt) ? null : PageDifference.OnlyPagerDuty;
        if (theirs is null) return IsRecent(ours.OpenedAt) ? null : PageDifference.OnlyBridge;
        if (theirs.OpenedAt is { } opened && (opened - ours.OpenedAt).Duration() > Slack) return PageDifference.OpenedApart;
        return (ours.IsOver, theirs.ResolvedAt) switch
        {
            (true, null) when !IsRecent(ours.UpdatedAt) => PageDifference.OpenThere,
            (false, { } resolved) when !IsRecent(resolved) => PageDifference.OpenHere,
            _ => null,
        };

        bool IsRecent(DateTimeOffset? at) => now - at < Slack;
    }
}

/// <param name="ResolvedAt">Null while it would be open.</param>
internal sealed record BridgePage(string PageId, bool Shadow, DateTime OpenedAt, DateTime? ResolvedAt)
{
    public static BridgePage? Of(Page? page) => page is null
        ? null
        : new BridgePage(page.Id, page.IsShadow, page.OpenedAt.UtcDateTime, page.IsOver ? page.UpdatedAt?.UtcDateTime : null);
}

/// <summary>An incident in PagerDuty that another integration opened.</summary>
/// <param name="OpenedAt">Null when it was opened before the bridge's webhook was connected.</param>
internal sealed record OtherPage(string IncidentId, string? Url, DateTime? OpenedAt, DateTime? ResolvedAt)
{
    public static OtherPage? Of(ForeignPage? page) => page is null
        ? null
        : new OtherPage(page.Incident.Id, page.Incident.Url, page.OpenedAt?.UtcDateTime, page.ResolvedAt?.UtcDateTime);
}
