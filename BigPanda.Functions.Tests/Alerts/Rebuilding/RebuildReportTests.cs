using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Alerts.Rebuilding;

/// <summary>What a rebuild says for each history, and how two alerts are compared.</summary>
public sealed class RebuildReportTests
{
    private static readonly Alert Fired = Decide(null, Deliveries.New(10), 500);
    private static readonly Alert Stored = Decide(Fired, Deliveries.Closed(20), 30);

    [Fact]
    public void The_same_from_nothing()
    {
        var report = Fold(Stored, Step(1, Deliveries.New(10)), Step(2, Deliveries.Closed(20)));

        Assert.Equal((RebuildOutcome.Same, 0, null, 2, 2), (report.Outcome, report.From?.Row, report.From?.At, report.Deliveries, report.Rows));
        Assert.Equal("Folded from nothing over 2 deliveries: the stored alert is the same in every member.", report.Summary);
        Assert.Empty(report.Notes);
    }

    [Fact]
    public void Different_from_a_snapshot_that_follows_a_gap()
    {
        var report = Fold(
            Stored with { FailedComments = 7 }, Step(1, null) with { Gap = "it was lost" }, Step(2, null) with { Gap = "too large", Snapshot = Stored });

        Assert.Equal((RebuildOutcome.Different, 2, 0), (report.Outcome, report.From?.Row, report.Deliveries));
        Assert.Equal("Folded from the snapshot at row 2 of the timeline over 0 deliveries: the stored alert differs in 1 members.", report.Summary);
        Assert.Equal([new("failedComments", "7", "0")], report.Differences);
        Assert.Empty(report.NotCompared);
        Assert.Equal("It does not begin earlier: row 1 of the timeline: it was lost.", Assert.Single(report.Notes));
    }

    [Fact]
    public void A_snapshot_says_why_it_is_there()
    {
        var report = Fold(Fired, Step(1, null) with { Gap = "older than deliveries are kept", Snapshot = Fired });

        Assert.Equal((RebuildOutcome.Same, "It does not begin earlier: older than deliveries are kept."), (report.Outcome, Assert.Single(report.Notes)));
    }

    [Theory]
    [InlineData(2, "row 2 of the timeline: have been removed, or nothing of them was kept")]
    [InlineData(4, "rows 2 to 4 of the timeline have been removed, or nothing of them was kept")]
    public void Unknown_where_rows_are_missing_in_the_middle_or_at_the_end(int last, string gap)
    {
        var inside = Fold(Stored with { TimelineLength = last + 1 }, Step(1, Deliveries.New(10)), Step(last + 1, Deliveries.Closed(20)));
        var atTheEnd = Fold(Stored with { TimelineLength = last }, Step(1, Deliveries.New(10)));

        foreach (var report in new[] { inside, atTheEnd })
        {
            Assert.Equal((RebuildOutcome.Unknown, null, 0), (report.Outcome, report.From, report.Deliveries));
            Assert.Equal($"The alert cannot be folded again: {gap}.", report.Summary);
            Assert.Empty(report.Differences);
            Assert.Empty(report.NotCompared);
            Assert.Empty(report.Notes);
        }
    }

    [Fact]
    public void Unknown_where_a_row_keeps_nothing_and_does_not_say_why() => Assert.Equal(
        "The alert cannot be folded again: row 1 of the timeline: nothing of it was kept.", Fold(Fired, Step(1, null)).Summary);

    [Fact]
    public void A_row_that_this_builds_rules_reject_is_a_gap_unless_it_has_a_snapshot()
    {
        var request = new ResolveRequested(Deliveries.IncidentId, Fired.ContentStamp, ResolvedVia.Api, "ada", null, Deliveries.At(1), "m");

        var rejected = Fold(Fired, Step(1, request));
        var replaced = Fold(Fired, Step(1, request) with { Snapshot = Fired });

        Assert.StartsWith(
            "The alert cannot be folded again: row 1 of the timeline: cannot be applied again: ", rejected.Summary, StringComparison.Ordinal);
        Assert.Equal((RebuildOutcome.Same, 1, 0), (replaced.Outcome, replaced.From?.Row, replaced.Deliveries));
    }

    [Fact]
    public void Deliveries_that_another_build_decided_are_counted_from_the_snapshot_on()
    {
        var other = Step(2, Deliveries.Closed(20), build: "another");

        Assert.Equal(
            "1 deliveries were decided by another build of the bridge: a difference may come from changed rules.",
            Assert.Single(Fold(Stored, Step(1, Deliveries.New(10)), other).Notes));
        Assert.Empty(Fold(Stored, Step(1, Deliveries.New(10), build: "another"), Step(2, null) with { Snapshot = Stored }).Notes.Skip(1));
    }

    [Fact]
    public void Members_that_are_not_kept_leave_a_difference_open()
    {
        var report = Fold(Stored with { FailedComments = 7 }, Step(1, Deliveries.New(10), without: ["email", "description"]), Step(2, Deliveries.Closed(20)));

        Assert.Equal((RebuildOutcome.Unknown, 0, 2), (report.Outcome, report.From?.Row, report.Deliveries));
        Assert.EndsWith(
            "over 2 deliveries: the stored alert differs in 1 members, which may come from members of the deliveries that are not kept.", report.Summary,
            StringComparison.Ordinal);
        Assert.Empty(report.Differences);
        Assert.Equal("failedComments", Assert.Single(report.NotCompared).Member);
        Assert.Equal("Deliveries are kept without these members: description, email.", Assert.Single(report.Notes));
    }

    [Fact]
    public void A_snapshot_knows_what_the_deliveries_before_it_were_kept_without()
    {
        var snapshot = Step(2, null) with { Snapshot = Stored, SnapshotWithout = ["title"] };

        Assert.Equal(
            "Deliveries are kept without these members: title.", Fold(Stored, Step(1, null), snapshot).Notes[^1]);
        Assert.Equal(RebuildOutcome.Same, Fold(Stored, Step(1, null), snapshot).Outcome);
    }

    [Fact]
    public void Lists_are_compared_by_place_and_what_one_lacks_is_null()
    {
        var one = Fired with { RecentMessages = ["a", "b", "c"] };
        var other = Fired with { RecentMessages = ["a", "x"] };

        Assert.Equal(
            [new("recentMessages[1]", "\"b\"", "\"x\""), new("recentMessages[2]", "\"c\"", null)], MemberComparison.Of(one, other));
        Assert.Equal(
            [new("recentMessages[1]", "\"x\"", "\"b\""), new("recentMessages[2]", null, "\"c\"")], MemberComparison.Of(other, one));
    }

    [Fact]
    public void What_only_one_alert_has_is_shown_member_by_member()
    {
        var paged = Fired with { PagerDuty = new PagerState { Held = "it waits", Opened = 2 } };

        Assert.Contains(new MemberDifference("pagerDuty.held", "\"it waits\"", null), MemberComparison.Of(paged, Fired));
        Assert.Contains(new MemberDifference("pagerDuty.held", null, "\"it waits\""), MemberComparison.Of(Fired, paged));
    }

    [Fact]
    public void A_tag_has_its_own_name_and_a_key_of_a_page_is_not_shown()
    {
        var tagged = Fired with { Content = Fired.Content with { Tags = new Dictionary<string, TagValue> { ["Team Name"] = TagValue.Of("web") } } };
        var page = new Page { Id = "p", Key = new PageKey("0123456789ab", "a secret"), OpenedAt = Deliveries.Start, Severity = "critical" };
        var paged = Fired with { PagerDuty = PagerState.None.Open(page) };
        var other = Fired with { PagerDuty = PagerState.None.Open(page with { Key = page.Key with { Value = "another secret" } }) };

        Assert.Contains(MemberComparison.Of(tagged, Fired), one => one.Member.StartsWith("content.tags.Team Name", StringComparison.Ordinal));
        Assert.Equal([new("pagerDuty.latest.key.value", "(not shown)", "(not shown)")], MemberComparison.Of(paged, other));
    }

    [Fact]
    public void The_first_hundred_differences_are_shown_and_the_report_says_so()
    {
        var many = Fired with { RecentMessages = [.. Enumerable.Range(0, 150).Select(i => $"{i}")] };
        var report = Fold(many, Step(1, null) with { Snapshot = Fired with { RecentMessages = [] } });

        Assert.Equal((MemberComparison.MaxDifferences, "Only the first 100 differences are shown."), (report.Differences.Count, report.Notes[^1]));
    }

    private static Alert Decide(Alert? alert, AlertEvent evt, int second) =>
        AlertRows.Roundtrip(PlannedDecision.Of(alert, evt, [new BigPandaPlanner()], new AlertPolicy(), Deliveries.At(second)).Decision.Alert);

    private static RebuildStep Step(int row, AlertEvent? evt, string? build = null, IReadOnlyList<string>? without = null) => new(row, Deliveries.At(row))
    {
        Event = evt is null ? null : new DecidedEvent(
            evt, [new BigPandaPlanner()], new AlertPolicy(), Deliveries.At(row == 1 ? 500 : 30), build ?? KeptDelivery.CurrentBuild, without ?? []),
    };

    private static RebuildReport Fold(Alert stored, params IEnumerable<RebuildStep> steps)
    {
        var rebuild = new Rebuild();
        foreach (var step in steps) rebuild.Add(step);
        return rebuild.Compare(stored, Deliveries.Start);
    }
}
