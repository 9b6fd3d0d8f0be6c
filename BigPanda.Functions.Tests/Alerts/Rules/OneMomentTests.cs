using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>The table "Two kinds in one moment" of docs/laws.md, each pair in both orders of arrival.</summary>
public sealed class OneMomentTests
{
    private const string Open = "open", ClosedBefore = "closed", Unknown = "unknown", ResolvedHere = "resolved here";

    [Theory]
    [InlineData(Unknown, "new", "reopen", AlertStatus.Firing, 1)]
    [InlineData(Unknown, "new", "update", AlertStatus.Firing, 1)]
    [InlineData(Unknown, "new", "state", AlertStatus.Firing, 1)]
    [InlineData(Unknown, "new", "closed", AlertStatus.Resolved, 1)]
    [InlineData(ClosedBefore, "reopen", "update", AlertStatus.Firing, 2)]
    [InlineData(ClosedBefore, "reopen", "state", AlertStatus.Firing, 2)]
    [InlineData(ClosedBefore, "reopen", "closed", AlertStatus.Resolved, 2)]
    [InlineData(Open, "reopen", "closed", AlertStatus.Firing, 2)]
    [InlineData(Unknown, "reopen", "closed", AlertStatus.Firing, 2)]
    [InlineData(ResolvedHere, "reopen", "closed", AlertStatus.Firing, 2)]
    [InlineData(Open, "update", "closed", AlertStatus.Resolved, 1)]
    [InlineData(ClosedBefore, "update", "closed", AlertStatus.Resolved, 2)]
    [InlineData(Open, "update", "state", AlertStatus.Firing, 1)]
    [InlineData(Open, "closed", "state", AlertStatus.Firing, 2)]
    [InlineData(Unknown, "closed", "state", AlertStatus.Firing, 2)]
    [InlineData(ClosedBefore, "closed", "state", AlertStatus.Firing, 2)]
    [InlineData(Open, "closed", "closed", AlertStatus.Resolved, 1)]
    [InlineData(ClosedBefore, "reopen", "reopen", AlertStatus.Firing, 2)]
    public void Two_kinds_in_one_moment(string before, string one, string other, AlertStatus status, int episode)
    {
        var start = Before(before);
        foreach (var (first, second) in new[] { (Delivery(one, 1), Delivery(other, 2)), (Delivery(other, 2), Delivery(one, 1)) })
        {
            var alert = Decide(Decide(start, first), second);
            Assert.Equal((status, episode), (alert.Life.Status, alert.Life.Episode));
        }
    }

    [Theory]
    [InlineData("reopen")]
    [InlineData("update")]
    [InlineData("state")]
    [InlineData("new")]
    public void What_comes_late_of_the_moment_that_a_resolver_saw_does_not_undo_the_resolve(string late)
    {
        var seen = Decide(Before(ClosedBefore), Delivery("update", 1));
        var resolved = Decide(seen, Resolve(seen, 25));

        var after = Decide(resolved, Delivery(late, 2));

        Assert.Equal((AlertStatus.Resolved, 2, SyncState.Closing), (after.Life.Status, after.Life.Episode, after.BigPanda.State));
    }

    [Fact]
    public void A_resolve_that_saw_the_moment_of_a_close_and_a_reopen_closes_the_incident_in_every_order()
    {
        var seen = Decide(Before(Open), Delivery("update", 1));
        AlertEvent[] events = [Delivery("closed", 2), Delivery("reopen", 3), Resolve(seen, 25)];
        foreach (var order in Permutations(events))
        {
            var decisions = new List<Decision>();
            foreach (var evt in order) decisions.Add(AlertLifecycle.Decide(decisions is [.., var last] ? last.Alert : seen, evt, At(700)));
            var after = decisions[^1].Alert;

            Assert.Equal(
                (AlertStatus.Resolved, 2, true, SyncState.Closing), (after.Life.Status, after.Life.Episode, after.Life.AwaitsClose, after.BigPanda.State));
            var actions = decisions.Select(decision => decision.Action).OfType<BigPandaAction>().ToList();
            Assert.Equal(after.BigPanda.ActionId, actions.OfType<CloseIncidentAction>().Last().ActionId);
            Assert.Single(actions, action => action.Comment.Contains("fixed the disk", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_close_that_a_late_reopen_makes_necessary_says_so_and_is_sent_once()
    {
        var seen = Decide(Before(Open), Delivery("update", 1));
        var closed = Decide(Decide(seen, Delivery("closed", 2)), Resolve(seen, 25));
        Assert.Equal((SyncState.InSync, false), (closed.BigPanda.State, closed.Life.AwaitsClose));

        var reopened = AlertLifecycle.Decide(closed, Delivery("reopen", 3), At(700));
        var again = AlertLifecycle.Decide(reopened.Alert, Delivery("reopen", 3), At(701));

        Assert.Equal("Resolved by ada through the alert bridge (api).", Assert.IsType<CloseIncidentAction>(reopened.Action).Comment);
        Assert.Equal("a late delivery shows that the incident was open when ada resolved it; it is being closed", reopened.Timeline[^1].Reason);
        Assert.Null(again.Action);
    }

    [Fact]
    public void An_unsent_close_waits_for_the_report_of_the_delivery_s_own_action()
    {
        var seen = Decide(Before(Open), Delivery("update", 1));
        var closed = Decide(Decide(seen, Delivery("closed", 2)), Resolve(seen, 25));

        var reopened = AlertLifecycle.Decide(closed, Delivery("reopen", 3) with { SourceId = "other", WantsCallback = true }, At(700));
        var callback = Assert.IsType<SendCallbackAction>(reopened.Action);
        var report = new ActionReported(
            callback.IncidentId, callback.ActionId, Destination.BigPanda, "callback", ActionResult.Accepted, 1, "called", At(701), "callback-1");

        Assert.IsType<CloseIncidentAction>(AlertLifecycle.Decide(reopened.Alert, report, At(702)).Action);
    }

    [Fact]
    public void All_kinds_in_one_moment_end_alike_in_every_order()
    {
        IncidentReported[] all = [Delivery("new", 1), Delivery("reopen", 2), Delivery("update", 3), Delivery("closed", 4), Delivery("state", 5)];
        foreach (var before in new[] { Open, ClosedBefore, Unknown, ResolvedHere })
        {
            var ends = Permutations(all).Select(order => order.Aggregate(Before(before), Decide));
            Assert.Single(ends.Select(alert => (alert?.Life, alert?.Content.Severity, alert?.Content.Tags["body"])).Distinct());
        }
    }

    [Fact]
    public void Milliseconds_are_no_tie()
    {
        var reopened = Delivery("reopen", 1, At(20).AddMilliseconds(100));
        var closed = Delivery("closed", 2, At(20).AddMilliseconds(900));

        foreach (var (first, second) in new[] { (reopened, closed), (closed, reopened) })
        {
            var life = Decide(Decide(Before(ClosedBefore), first), second).Life;
            Assert.Equal((AlertStatus.Resolved, 2), (life.Status, life.Episode));
        }
    }

    [Fact]
    public void Of_two_updates_of_a_second_the_one_whose_alerts_changed_last_has_the_content()
    {
        var older = Changed(Delivery("update", 1), At(18), events: 3);
        var newer = Changed(Delivery("update", 2), At(19), events: 1);

        Assert.Equal("2", Content(older, newer));
        Assert.Equal("2", Content(newer, older));
    }

    [Fact]
    public void Of_two_equally_new_updates_the_one_with_more_events_has_the_content()
    {
        var older = Changed(Delivery("update", 1), At(19), events: 1);
        var newer = Changed(Delivery("update", 2), At(19), events: 2);

        Assert.Equal("2", Content(older, newer));
        Assert.Equal("2", Content(newer, older));
    }

    [Fact]
    public void Of_two_otherwise_equal_updates_the_one_received_last_has_the_content_and_a_repeat_changes_nothing()
    {
        var first = Delivery("update", 1) with { ReceivedAt = At(30) };
        var second = Delivery("update", 2) with { ReceivedAt = At(31) };

        Assert.Equal("2", Content(first, second));
        Assert.Equal("2", Content(second, first));
        Assert.Equal("2", Content(first, second, first with { ReceivedAt = At(40) }));
    }

    private static string? Content(params IncidentReported[] deliveries) => deliveries.Aggregate(Before(Open), Decide)?.Content.Tags["body"].Text;

    private static IncidentReported Changed(IncidentReported delivery, DateTimeOffset alertsChangedAt, int events)
    {
        var incident = delivery.Incident;
        return delivery with { Incident = incident with { AlertsChangedOn = alertsChangedAt, Events = [.. Enumerable.Repeat(incident.Events[0], events)] } };
    }

    private static Alert? Before(string what) => what switch
    {
        Open => Apply(New(10)).Alert,
        ClosedBefore => Apply(New(10), Closed(15)).Alert,
        ResolvedHere => Apply(New(10)).Alert is var seen ? Decide(seen, Resolve(seen, 12)) : null,
        _ => null,
    };

    private static IncidentReported Delivery(string kind, int body, DateTimeOffset? time = null)
    {
        var at = time ?? At(20);
        var name = kind switch
        {
            "new" => IncidentEvents.New,
            "reopen" => IncidentEvents.Reopen,
            "closed" => IncidentEvents.Closed,
            "update" => "incident-tag#upserted",
            _ => null,
        };
        var reported = With(20, kind != "closed", "critical", name is null ? [] : [new IncidentEvent(name, at)]);
        var incident = reported.Incident with { ChangedOn = at, UpdatedOn = at, Tags = new Dictionary<string, TagValue> { ["body"] = TagValue.Of($"{body}") } };
        return reported with { Incident = incident, Fingerprint = (ulong)body, MessageId = $"incident-{body}" };
    }

    private static IEnumerable<T[]> Permutations<T>(T[] of) => of.Length <= 1
        ? [of]
        : of.SelectMany((first, i) => Permutations<T>([.. of[..i], .. of[(i + 1)..]]).Select(rest => (T[])[first, .. rest]));

    private static Alert Decide(Alert? alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, At(700)).Alert;
}
