using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Vendors.PagerDuty.Events;

namespace BigPanda.Functions.Vendors.PagerDuty.Pages;

/// <summary>What is known of a page besides its alert: where PagerDuty shows it, and what was sent there.</summary>
internal sealed record StoredPage(DedupKey Key, string IncidentId)
{
    public string PageId => Key.PageId;

    /// <summary>PagerDuty's incident, once known.</summary>
    public PagerIncident? Incident { get; init; }

    /// <summary>Resolved, by whomever: it is not listed as open.</summary>
    public bool IsOver { get; init; }

    /// <summary>When it was opened, resolved or reopened last, by PagerDuty's clock: an older change comes late. Null until a webhook says.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>How often PagerDuty accepted the event that opens it, and the one that resolves it.</summary>
    public int Triggers { get; init; }
    public int Resolves { get; init; }

    /// <summary>How often PagerDuty did not show what it had accepted, since the last of them. A count needs no clock, and instances' clocks differ.</summary>
    public int Checks { get; init; }

    /// <summary>A hash of the event that PagerDuty accepted last, and its action's id: where nothing else can have arrived, it is not sent again.</summary>
    public string? Shown { get; init; }
    public string? ShownBy { get; init; }

    /// <summary>The newest firing that PagerDuty has accepted to show, and when it accepted that first, by its clock in whole seconds.</summary>
    public DateTimeOffset? ShownFiring { get; init; }
    public DateTimeOffset? ShownSince { get; init; }

    /// <summary>
    /// What the first attempt to open it would show. Whichever opens it shows this or what is newer, also when the answers are lost. Null when not known.
    /// </summary>
    public ShownFacts? Opening { get; init; }

    /// <summary>The timeline says that its notes are not sent.</summary>
    public bool IsWithoutNotes { get; init; }

    /// <summary>Adds what whoever made the change has seen of the page.</summary>
    public PageChanged WithSeen(PageChanged changed) => changed.Change is PageChange.Triggered or PageChange.Resolved
        ? changed with { Opening = Opening, IsBeforeShown = changed.At < ShownSince + TimeSpan.FromSeconds(1) }
        : changed;

    /// <summary>PagerDuty has accepted an event that opens the page or shows the alert as it is.</summary>
    /// <param name="at">By PagerDuty's clock, where its response says.</param>
    internal StoredPage Accepted(string? hash, string actionId, ShownFacts? facts, DateTimeOffset at) => this with
    {
        Triggers = Triggers + 1,
        Checks = 0,
        Shown = hash,
        ShownBy = actionId,
        ShownFiring = facts?.FiredAt,
        // Since when an earlier version has shown it is not known.
        ShownSince = facts?.FiredAt == ShownFiring || (ShownFiring is null && Triggers > 0) ? ShownSince : at,
        IsOver = false,
    };
}
