using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Alerts.Rules.Paging;

/// <summary>
/// An incident in BigPanda, its pages, and people on all three sides. Every delivery and action arrives in the end, but late, repeated, in another order, and
/// after attempts that failed or had no answer.
/// </summary>
internal sealed class PagerWorld
{
    private static readonly string[] Severities = ["warning", "critical", "unknown"];

    private readonly Random _random;
    private readonly List<(DateTimeOffset At, Action Arrive)> _wire = [];
    private readonly List<(DateTimeOffset At, Action Act)> _actions = [];
    private readonly Dictionary<string, int> _attempts = [];
    private readonly Dictionary<string, StoredPage> _stored = [];
    private readonly bool _isSharedTwice;
    private int _numbers;
    private int _severity = 1;
    private bool _isAcknowledged;
    private bool _isSettling;

    public PagerWorld(int seed, PagingPolicy policy)
    {
        _random = new Random(seed);
        _isSharedTwice = _random.Next(3) == 0;
        Alert = new PagedAlert(policy);
        Pager = new PagerModel(Report);
    }

    public PagedAlert Alert { get; }
    public PagerModel Pager { get; }
    public bool IsOpen { get; private set; }
    public DateTimeOffset Now { get; private set; } = Deliveries.Start;
    public List<string> Comments { get; } = [];

    /// <summary>What happened, for a failure's message.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>What the page showed when something happened to it, by the id of the event's message.</summary>
    public Dictionary<string, ShownFacts> SeenBy { get; } = [];

    /// <summary>What each event may not change is checked here.</summary>
    public Action<AlertEvent, Alert, Alert>? Decided { get; set; }

    public void Step()
    {
        Now = Now.AddSeconds(_random.Next(1, _random.Next(8) == 0 ? 120 : 4));
        var acts = ActsNow();
        if (_random.Next(3) != 0) acts[_random.Next(acts.Count)].Do();
        Arrive();
    }

    /// <summary>Everything that is under way arrives, and what follows from it.</summary>
    public void Settle()
    {
        _isSettling = true;
        for (var i = 0; i < 1000 && (_wire.Count > 0 || _actions.Count > 0); i++)
        {
            Now = Now.AddSeconds(30);
            Arrive();
        }

        _isSettling = false;
        Assert.Empty(_wire);
        Assert.Empty(_actions);
    }

    /// <summary>What a person, or BigPanda, can do now.</summary>
    public IReadOnlyList<(string What, Action Do)> ActsNow()
    {
        List<(string, Action)> acts = [];
        if (!IsOpen) acts.Add(("bigpanda: open", Open));
        else
        {
            acts.Add(("bigpanda: change", () => { _severity = (_severity + 1) % Severities.Length; Deliver("incident#updated"); }));
            acts.Add(("bigpanda: acknowledge", () => { _isAcknowledged = !_isAcknowledged; Deliver("incident#updated"); }));
            acts.Add(("bigpanda: comment", () => Comment($"comment {_numbers++}", "linus")));
            acts.Add(("bigpanda: close", () => Close(null)));
        }

        if (Alert.Known is { IsFiring: true } known)
        {
            var resolve = Deliveries.Resolve(known, 0, "ada", "done") with { RequestedAt = Now, MessageId = $"resolve-{_numbers++}" };
            var comment = new CommentRequested(Deliveries.IncidentId, ResolvedVia.Api, "ada", $"text {_numbers++}", Now, $"request-{_numbers}");
            acts.Add(("bridge: resolve", () => Send(resolve)));
            acts.Add(("bridge: comment", () => Send(comment)));
        }

        if (Pager.Open is not [var page, ..]) return acts;
        acts.Add(("pagerduty: resolve", () => Pager.Resolve(page, "grace")));
        acts.Add(("pagerduty: note", () => Pager.Note(page, "grace", $"note {_numbers++}")));
        acts.Add(("pagerduty: merge", () => Pager.Merge(page, "grace")));
        if (page.IsAcknowledged) acts.Add(("pagerduty: unacknowledge", () => Pager.Unacknowledge(page)));
        else acts.Add(("pagerduty: acknowledge", () => Pager.Acknowledge(page, "grace")));
        return acts;
    }

    public object Shown() => PageContent.Fingerprint(Alert.Alert, Severity(), new PageMapping()).Details;

    private string Severity() => PageSeverity.Of(Alert.Alert.Content, Alert.Policy, null);

    private void Open()
    {
        (IsOpen, _isAcknowledged) = (true, false);
        Deliver(Alert.Known is null && _numbers == 0 ? "incident#new" : "incident#reopen");
    }

    private void Close(string? comment)
    {
        (IsOpen, _isAcknowledged) = (false, false);
        Deliver("incident#closed", comment);
    }

    private void Comment(string text, string? author)
    {
        Comments.Add(text);
        Deliver(IncidentEvents.Commented, text, author);
    }

    private void Deliver(string name, string? comment = null, string? author = null)
    {
        // Two changes of an incident have two times.
        Now = Now.AddSeconds(1);
        var number = ++_numbers;
        var incident = new Incident
        {
            Id = Deliveries.IncidentId,
            Active = IsOpen,
            Status = _isAcknowledged ? "acknowledged" : IsOpen ? "critical" : "ok",
            Severity = Severities[_severity],
            ChangedOn = Now,
            Environment = new IncidentEnvironment("env-1", "All"),
            Url = "https://a.bigpanda.io/1",
            Tags = new Dictionary<string, TagValue> { ["team"] = TagValue.Of("web") },
            Comment = comment,
            Sender = author,
            Events = [new IncidentEvent(name, Now)],
        };
        Send(new IncidentReported(incident, "main", Now, (ulong)number, $"incident-{number}"));
        if (!_isSharedTwice) return;
        var second = incident with { Environment = new IncidentEnvironment("env-2", "Databases"), Url = "https://a.bigpanda.io/2" };
        Send(new IncidentReported(second, "second", Now, (ulong)(number + 1_000_000), $"second-{number}"));
    }

    private void Report(PagerIncidentModel incident, PageChange change, string? actor, string? text, bool isOurs)
    {
        Now = Now.AddMilliseconds(10);
        var changed = new PageChanged(Deliveries.IncidentId, incident.PageId, change, actor, text, Now, $"pagerduty-{_numbers++}")
        {
            External = incident.External,
            IsOurs = isOurs,
        };
        if (incident.Facts is { } facts) SeenBy[changed.MessageId] = facts;
        Send(Alert.Policy.Apply(changed));
    }

    private void Send(AlertEvent evt)
    {
        var copies = _random.Next(6) == 0 ? 2 : 1;
        for (var i = 0; i < copies; i++) _wire.Add((Now.AddSeconds(_random.Next(4) == 0 ? _random.Next(90) : 0), () => Take(evt)));
    }

    private void Arrive()
    {
        foreach (var arrival in Due(_wire)) arrival();
        foreach (var action in Due(_actions)) action();
    }

    private List<Action> Due(List<(DateTimeOffset At, Action Do)> entries)
    {
        var due = entries.Where(entry => entry.At <= Now).ToList();
        entries.RemoveAll(due.Contains);
        return [.. due.Select(entry => entry.Do)];
    }

    private void Take(AlertEvent evt)
    {
        // The broker delivers it when the alert is there.
        if (Alert.Known is null && evt is not IncidentReported)
        {
            _wire.Add((Now.AddSeconds(5), () => Take(evt)));
            return;
        }

        if (evt is PageChanged changed && _stored.TryGetValue(changed.PageId, out var stored)) evt = stored.WithSeen(changed);
        var (before, pages, closes) = (Alert.Known, Alert.Sent.Count, Alert.SentToBigPanda.Count);
        if (before is not null) Decided?.Invoke(evt, before, AlertLifecycle.Decide(before, evt, Alert.Modes, Now).Alert);
        var decision = Alert.Take(evt, Now);
        var life = decision.Alert.Life;
        Trace.Add($"{Now:mm:ss.fff} {Describe(evt)} -> {decision.Verdict}: {life.Status} {life.Episode}, {Describe(Alert.Pager.Latest)}");
        foreach (var action in Alert.Sent.Skip(pages)) _actions.Add((Now, () => Act(action)));
        foreach (var action in Alert.SentToBigPanda.Skip(closes)) _actions.Add((Now, () => Act(action)));
        foreach (var reminder in Alert.Alert.Reminders.Except(before?.Reminders ?? []))
        {
            AlertEvent due = reminder.CloseAskedAt is { } askedAt
                ? new CloseOverdue(Deliveries.IncidentId, askedAt, reminder.DueAt, $"overdue-{_numbers++}")
                : new PlanDue(Deliveries.IncidentId, reminder.DueAt, $"due-{_numbers++}");
            _wire.Add((reminder.DueAt, () => Take(due)));
        }
    }

    private static string Describe(AlertEvent evt) => evt switch
    {
        IncidentReported reported => $"{reported.Incident.Events[0].Name} of {reported.Incident.ChangedOn:mm:ss}",
        PageChanged changed => $"{changed.Change} {changed.PageId} by {changed.Actor ?? "us"} at {changed.At:mm:ss.fff}",
        ActionReported report => $"{report.ActionId} {report.Result}",
        _ => evt.GetType().Name,
    };

    private static string Describe(Page? page) => page is null ? "no page" : $"{page.Id} {page.Status}";

    /// <summary>An action in PagerDuty, as its target carries it out: with what the alert is now, and not for a page that is over.</summary>
    private void Act(PageAction action)
    {
        var isOver = Alert.Pager.Find(action.PageId) is null or { IsOver: true };
        var incident = Pager.Incidents.LastOrDefault(one => one.PageId == action.PageId);
        if (isOver && action.Kind is PageActionKinds.Trigger or PageActionKinds.Update or PageActionKinds.Acknowledge) return;
        if (isOver && action.Kind == PageActionKinds.Note && incident is null) return;
        var isShown = action.Kind is PageActionKinds.Trigger or PageActionKinds.Update;
        var key = DedupKey.Of(Deliveries.IncidentId, action.PageId);
        if (isShown) _stored.TryAdd(action.PageId, new StoredPage(key, Deliveries.IncidentId) { Opening = Alert.Alert.Shown });
        Attempt(action.ActionId, Destination.PagerDuty, action.Kind, () => Act(action), () =>
        {
            if (isShown) Pager.Trigger(action.PageId, action.KeyId, Shown(), Alert.Alert.Shown);
            else if (action.Kind == PageActionKinds.Acknowledge) Pager.Acknowledge(action.PageId, action.KeyId);
            else if (action.Kind == PageActionKinds.Resolve) Pager.Resolve(action.PageId, action.KeyId);
            else if (incident is null) return null;
            else if (!Pager.Notes.Contains(action.Text ?? "")) Pager.Note(incident, "the bridge's user", action.Text ?? "");
            return ActionResult.Accepted;
        },
        () =>
        {
            if (isShown) _stored[action.PageId] = _stored[action.PageId].Accepted($"{Shown()}", action.ActionId, Alert.Alert.Shown, Now);
        });
    }

    private void Act(BigPandaAction action)
    {
        if (action is CloseIncidentAction && Alert.Alert.FindCloseObjection(action.ActionId) is not null) return;
        var kind = action is CloseIncidentAction ? ActionKinds.Close : ActionKinds.Comment;
        Attempt(action.ActionId, Destination.BigPanda, kind, () => Act(action), () =>
        {
            if (action is AddCommentAction && !Comments.Contains(action.Comment)) Comment(action.Comment, null);
            if (action is AddCommentAction) return ActionResult.Accepted;
            if (!IsOpen) return ActionResult.Closed;
            Close(action.Comment);
            return ActionResult.Accepted;
        });
    }

    /// <summary>An attempt may fail, or be carried out without an answer; then it is made again.</summary>
    /// <param name="call">Returns null when it must wait.</param>
    /// <param name="answered">It was carried out, and that is known.</param>
    private void Attempt(string id, Destination destination, string kind, Action again, Func<ActionResult?> call, Action? answered = null)
    {
        var attempt = _attempts[id] = _attempts.GetValueOrDefault(id) + 1;
        var luck = _isSettling ? 9 : _random.Next(10);
        var result = luck == 0 ? null : call();
        Trace.Add($"{Now:mm:ss.fff} attempt {attempt} of {id}: {result}");
        if (luck < 3 || result is null)
        {
            _actions.Add((Now.AddSeconds(_random.Next(60)), again));
            Outcome(ActionResult.Retrying);
        }
        else
        {
            answered?.Invoke();
            Outcome(result.Value);
        }

        void Outcome(ActionResult what) => Send(new ActionReported(
            Deliveries.IncidentId, id, destination, kind, what, attempt, "why", Now.AddTicks(_numbers), $"outcome-{_numbers++}"));
    }
}
