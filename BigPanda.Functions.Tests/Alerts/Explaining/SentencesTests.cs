using BigPanda.Functions.Alerts.Explaining;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Alerts.Explaining;

/// <summary>What an explanation says, word by word: people read it to decide what to do.</summary>
public sealed class SentencesTests
{
    private const string Close = ActionKinds.Close;

    [Theory]
    [InlineData("incident", "main", "A webhook of the source main")]
    [InlineData("resolve", null, "The resolve of ada")]
    [InlineData("comment", null, "The comment of ada")]
    [InlineData("observation", null, "What BigPanda's API has shown")]
    [InlineData("page", null, "A change of its page in PagerDuty of ada")]
    public void A_message_is_named_by_its_kind_and_has_its_times(string subject, string? source, string name) => Assert.Equal(
        $"{name} was received at 2026-11-01 10:00:00Z, queued 1.5 s later and applied 32.0 s after its receipt.",
        ArrivalOf(Facts(subject) with { Source = source }));

    [Theory]
    [InlineData("overdue", "The reminder that a close is overdue was queued at 2026-11-01 10:00:01Z and applied at 2026-11-01 10:00:32Z.")]
    [InlineData("due", "The reminder that a delay has ended was queued at 2026-11-01 10:00:01Z and applied at 2026-11-01 10:00:32Z.")]
    [InlineData("other", "A message 'other' was queued at 2026-11-01 10:00:01Z and applied at 2026-11-01 10:00:32Z.")]
    public void A_message_that_is_not_from_outside_has_no_receipt(string subject, string said) =>
        Assert.Equal(said, ArrivalOf(Facts(subject) with { ReceivedAt = null }));

    [Fact]
    public void What_is_not_known_of_a_message_is_left_out()
    {
        var facts = Facts("resolve") with { QueuedAt = null };

        Assert.Equal(
            "The resolve was applied at 2026-11-01 10:00:32Z.",
            Sentences.Of(Row(facts with { ReceivedAt = null }) with { Entries = [] }, null, []).First());
        Assert.Equal("The resolve of ada was received at 2026-11-01 10:00:00Z and applied 32.0 s after its receipt.", ArrivalOf(facts));
        Assert.Equal(
            "The result of close 2 in BigPanda was received at 2026-11-01 10:00:00Z and applied 32.0 s after its receipt.",
            ArrivalOf(facts with { Report = Report(ActionResult.Failed) }));
    }

    [Fact]
    public void A_row_says_its_events_its_transition_and_its_actions_and_when_there_is_none_that_too()
    {
        var row = Row(Facts("resolve") with { StatusBefore = AlertStatus.Firing, EpisodeBefore = 1, Status = AlertStatus.Resolved, Episode = 2 });
        var action = new ExplainedAction("2", Close, Destination.BigPanda, "sent", [], "close 2 in BigPanda: sent");

        Assert.Equal(
            ["resolve: applied, why.", "The alert went from firing, episode 1, to resolved, episode 2.", "It led to close 2 in BigPanda: sent."],
            Sentences.Of(row, StatusChange.Of(row.Facts), [action]).Skip(1));
        Assert.Equal(["resolve: applied, why.", "It led to no action."], Sentences.Of(row, null, []).Skip(1));
        Assert.Equal(["resolve: applied, why."], Sentences.Of(row with { Facts = null }, null, []).Skip(1));
        Assert.Equal(
            "The alert began resolved, episode 2.", Sentences.Of(row, new StatusChange(null, 0, AlertStatus.Resolved, 2), []).ElementAt(2));
    }

    [Theory]
    [InlineData(ActionResult.Accepted, "accepted")]
    [InlineData(ActionResult.Closed, "done")]
    [InlineData(ActionResult.Retrying, "retrying")]
    [InlineData(ActionResult.Parked, "parked")]
    [InlineData(ActionResult.Released, "sent")]
    [InlineData(ActionResult.Failed, "failed")]
    public void An_action_is_as_its_last_report_says(ActionResult result, string state)
    {
        var trail = ActionTrail.Of([Planned, Reported(2, Report(ActionResult.Retrying)), Reported(3, Report(result))], []);

        var action = trail.Explain(Planned.Facts?.Actions[0] ?? throw new InvalidOperationException());

        Assert.Equal((state, 2), (action.State, action.Attempts.Count));
        Assert.Equal($"close 2 in BigPanda: {state} at 2026-11-01 10:00:05Z, attempt 3, next at 2026-11-01 10:01:00Z: why", action.Text);
        Assert.Equal(1, trail.FindPlanner(Report(result)));
    }

    [Fact]
    public void An_action_without_a_report_is_sent_and_what_is_stored_of_it_comes_first()
    {
        var planned = Planned.Facts?.Actions[0] ?? throw new InvalidOperationException();
        var open = new OpenAction("2", Close, Destination.BigPanda, "parked", null, "it waits for a key");

        var sent = ActionTrail.Of([Planned], []).Explain(planned);
        var parked = ActionTrail.Of([Planned, Reported(2, Report(ActionResult.Accepted))], [open]).Explain(planned);
        var last = ActionTrail.Of([Reported(2, Report(ActionResult.Failed) with { NextAttemptAt = null })], []).Explain(planned);

        Assert.Equal(("sent", "close 2 in BigPanda: sent; no result has been reported yet"), (sent.State, sent.Text));
        Assert.Empty(sent.Attempts);
        Assert.Equal(("parked", "close 2 in BigPanda: it waits for a key"), (parked.State, parked.Text));
        Assert.Equal("close 2 in BigPanda: failed at 2026-11-01 10:00:05Z, attempt 3: why", last.Text);
    }

    [Fact]
    public void An_action_is_found_by_its_plan_its_report_or_what_is_stored_of_it()
    {
        Assert.Equal("2", ActionTrail.Of([Planned], []).Find("2")?.ActionId);
        Assert.Equal("2", ActionTrail.Of([Reported(2, Report(ActionResult.Failed))], []).Find("2")?.ActionId);
        Assert.Equal("7", ActionTrail.Of([], [new OpenAction("7", Close, Destination.BigPanda, "held", null, "held")]).Find("7")?.ActionId);
        Assert.Null(ActionTrail.Of([Planned], []).Find("3"));
        Assert.Null(ActionTrail.Of([Reported(2, Report(ActionResult.Failed))], []).FindPlanner(Report(ActionResult.Failed)));
        Assert.Equal("", ExplainedAttempt.Of(Planned with { Entries = [] }, Report(ActionResult.Failed)).Detail);
    }

    [Fact]
    public void The_summary_says_how_the_alert_is_now()
    {
        var firing = Deliveries.Apply(Deliveries.New(10)).Alert;
        var closed = AlertLifecycle.Decide(firing, Deliveries.Closed(20), Deliveries.At(700)).Alert;

        Assert.Equal("The alert fires, episode 1, known here since 2026-11-01 10:08:20Z.", SummaryOf(firing));
        Assert.Equal(
            "The alert is resolved, episode 1, known here since 2026-11-01 10:11:40Z, by an unnamed person or rule (bigpanda).",
            SummaryOf(closed with { Life = closed.Life with { ResolvedBy = null } }));
    }

    [Fact]
    public void It_says_what_is_wrong_with_both_destinations()
    {
        var firing = Deliveries.Apply(Deliveries.New(10)).Alert;
        var alert = firing with
        {
            BigPanda = firing.BigPanda with { State = SyncState.Failed, LastError = "404" },
            PagerDuty = new PagerState { Held = "the page waits", Latest = Page },
        };

        var said = SummaryOf(alert);

        Assert.EndsWith($"In BigPanda: {alert.BigPanda.Outlook} (404). In PagerDuty: the page waits. Its page p is open.", said, StringComparison.Ordinal);
        Assert.EndsWith(
            $"In BigPanda: {alert.BigPanda.Outlook}.", SummaryOf(alert with { BigPanda = alert.BigPanda with { LastError = null }, PagerDuty = null }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, true, "parked: 401")]
    [InlineData(false, true, true, "not as planned, its latest action has failed: 401")]
    [InlineData(false, false, true, "open, and its latest action has no result yet")]
    [InlineData(false, false, false, "open")]
    public void A_page_is_parked_before_failed_before_pending(bool isParked, bool hasFailed, bool isPending, string said) => Assert.Equal(
        said, Sentences.Of(Page with { IsParked = isParked, HasFailed = hasFailed, IsPending = isPending, LastError = "401" }));

    [Theory]
    [InlineData(5, 5, false)]
    [InlineData(6, 5, true)]
    public void Five_open_actions_are_named_and_the_rest_counted(int count, int named, bool hasMore)
    {
        var open = Enumerable.Range(1, count).Select(i => new OpenAction($"{i}", Close, Destination.BigPanda, "held", null, "it is held")).ToList();

        var said = Explanation.Of(Deliveries.Apply(Deliveries.New(10)).Alert, open, [], [], null).Summary;

        Assert.Equal(named, said.Split("in BigPanda: it is held.").Length - 1);
        Assert.Equal(hasMore, said.EndsWith(" 1 more actions are open.", StringComparison.Ordinal));
    }

    private static readonly Page Page = new()
    {
        Id = "p",
        Key = new PageKey("0123456789ab", null),
        OpenedAt = Deliveries.Start,
        Status = PageStatus.Open,
        Severity = "critical",
    };

    private static ExplainedRow Planned => Row(Facts("resolve") with { Actions = [new StepAction("2", Close, Destination.BigPanda)] });

    private static ExplainedRow Reported(int number, StepReport report) => Row(Facts("outcome") with { Report = report }) with { Number = number };

    private static string SummaryOf(Alert alert) => Explanation.Of(alert, [], [], [], null).Summary;

    private static string ArrivalOf(StepFacts facts) => Sentences.Of(Row(facts), null, []).First();

    private static ExplainedRow Row(StepFacts facts) => new(1, [Entry], facts);

    private static TimelineEntry Entry => new()
    {
        At = Deliveries.Start,
        Kind = "resolve",
        Verdict = Verdict.Applied,
        Reason = "why",
        Episode = 1,
        Actor = "ada",
        Summary = "",
    };

    private static StepReport Report(ActionResult result) =>
        new("2", Close, Destination.BigPanda, result, 3, Deliveries.At(5), Deliveries.At(60));

    private static StepFacts Facts(string subject) => new()
    {
        MessageId = "m",
        Subject = subject,
        ReceivedAt = Deliveries.Start,
        QueuedAt = Deliveries.Start.AddSeconds(1.5),
        AppliedAt = Deliveries.At(32),
    };
}
