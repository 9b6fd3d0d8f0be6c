using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Actions;

/// <summary>An action whose turn has come, with its alert as it is then.</summary>
/// <param name="Alert">Null when it was removed.</param>
internal sealed record PageTurn(ActionDelivery Delivery, PageAction Action, Alert? Alert)
{
    public DedupKey Key { get; } = DedupKey.Of(Action.IncidentId, Action.PageId);

    /// <summary>Null when the alert no longer keeps it: it is over.</summary>
    public Page? Page { get; } = Alert?.PagerDuty?.Find(Action.PageId);

    /// <summary>What is stored of the page when nothing is yet.</summary>
    public StoredPage First => new(Key, Action.IncidentId);

    /// <summary>Why the page is not to be opened, shown or acknowledged any more; null while it is.</summary>
    public string? Objection => this switch
    {
        { Alert: null } => "the alert has been removed",
        { Page: null or { IsOver: true } } => "the page is over",
        { Page.IsShadow: true } => "the page was planned in shadow mode",
        _ => null,
    };
}

/// <summary>Loads the alert of an action: directly before a call again, because the wait for it may have taken minutes.</summary>
public sealed class PageTurns(AlertStore alerts)
{
    internal async Task<PageTurn> LoadAsync(ActionDelivery delivery, CancellationToken cancellationToken)
    {
        var stored = await alerts.LoadAsync(delivery.Action.IncidentId, cancellationToken);
        return new PageTurn(delivery, PageAction.Read(delivery.Action), stored?.Alert);
    }
}
