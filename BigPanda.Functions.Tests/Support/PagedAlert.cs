using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Support;

/// <summary>One alert with both destinations: each event is decided and planned as the app does it.</summary>
internal sealed class PagedAlert(PagingPolicy? policy = null)
{
    public const string DefaultKey = "0123456789ab";

    /// <summary>By the settings' defaults.</summary>
    public static readonly PagingHeaders Headers = PagingHeaders.Of(new PagerDutyOptions());

    private readonly BigPandaPlanner _bigPanda = new();
    private readonly Dictionary<string, ShownFacts> _openings = [];
    private int _messages;

    /// <summary>A firing alert, whose page PagerDuty has accepted.</summary>
    public static PagedAlert Paged()
    {
        var alert = new PagedAlert();
        alert.Send(Deliveries.New(10), Deliveries.At(11));
        alert.Accept(Deliveries.At(12));
        return alert;
    }

    public Alert? Known { get; private set; }

    public Alert Alert => Known ?? throw new InvalidOperationException("No event was taken.");

    public AlertPolicy Modes { get; set; } = new() { PagerDuty = DestinationMode.On };

    public PagingPolicy Policy { get; set; } = policy ?? new() { DefaultKeyId = DefaultKey };

    public PagerState Pager => Alert.PagerDuty ?? PagerState.None;

    public Page Page => Pager.Latest ?? throw new InvalidOperationException("There is no page.");

    /// <summary>What was sent to PagerDuty, oldest first, and what was shown in its place in shadow mode.</summary>
    public List<PageAction> Sent { get; } = [];

    public List<BigPandaAction> SentToBigPanda { get; } = [];

    public List<TimelineEntry> Timeline { get; } = [];

    /// <summary>Every event with what it was decided by.</summary>
    public List<DecidedEvent> Taken { get; } = [];

    public Decision Take(AlertEvent evt, DateTimeOffset now)
    {
        var planners = new IDestinationPlanner[] { _bigPanda, new PagerDutyPlanner(Policy, Headers) };
        Taken.Add(new DecidedEvent(evt, planners, Modes, now, KeptDelivery.CurrentBuild, []));
        var planned = PlannedDecision.Of(Known, evt, planners, Modes, now);
        Known = planned.Decision.Alert;
        Timeline.AddRange(planned.Decision.Timeline);
        Sent.AddRange(planned.Actions.Where(action => action.Destination == Destination.PagerDuty).Select(PageAction.Read));
        foreach (var opened in Sent.Where(action => action.Kind == PageActionKinds.Trigger)) _openings.TryAdd(opened.PageId, Alert.Shown);
        SentToBigPanda.AddRange(planned.Actions.Where(action => action.Destination == Destination.BigPanda).Select(BigPandaAction.Read));
        return planned.Decision;
    }

    /// <summary>Takes the event and returns the kinds of what was sent to PagerDuty for it.</summary>
    public string Send(AlertEvent evt, DateTimeOffset now)
    {
        var before = Sent.Count;
        Take(evt, now);
        return string.Join(" ", Sent.Skip(before).Select(action => action.Kind));
    }

    /// <summary>The due time has come, if there is one.</summary>
    public string SendDue() => Pager.DueAt is { } dueAt ? Send(new PlanDue(Alert.IncidentId, dueAt, $"due-{_messages++}"), dueAt) : "";

    public string Report(PageAction action, ActionResult result, DateTimeOffset at, int attempt = 1, PagerIncident? external = null) => Send(
        new ActionReported(action.IncidentId, action.ActionId, Destination.PagerDuty, action.Kind, result, attempt, "why", at, $"outcome-{_messages++}")
        {
            External = external,
        },
        at);

    /// <summary>PagerDuty accepts the latest action.</summary>
    public string Accept(DateTimeOffset at) => Report(Sent[^1], ActionResult.Accepted, at);

    public PageChanged Change(PageChange change, DateTimeOffset at, string? actor = "grace", string? text = null, string? pageId = null) =>
        Policy.Apply(new PageChanged(Alert.IncidentId, pageId ?? Page.Id, change, actor, text, at, $"page-event-{_messages++}")
        {
            Opening = _openings.GetValueOrDefault(pageId ?? Page.Id),
        });
}
