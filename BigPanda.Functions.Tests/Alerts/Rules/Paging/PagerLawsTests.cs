using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Alerts.Rules.Paging;

/// <summary>The laws of pages in docs/laws.md, on random lives of an incident and its pages.</summary>
public sealed class PagerLawsTests
{
    private const int Lives = 100;
    private const int Steps = 60;

    private static readonly PagingPolicy Default = new() { DefaultKeyId = PagedAlert.DefaultKey };

    public static TheoryData<string> Policies => [.. PoliciesByName.Keys];

    private static readonly Dictionary<string, PagingPolicy> PoliciesByName = new()
    {
        ["default"] = Default,
        ["fire delay"] = Default with { FireDelaySeconds = 45 },
        ["resolve delay"] = Default with { ResolveDelaySeconds = 45 },
        ["both delays"] = Default with { FireDelaySeconds = 20, ResolveDelaySeconds = 60, CommentAcknowledgements = true },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Both_sides_end_equal(string policy)
    {
        for (var seed = 0; seed < Lives; seed++)
        {
            var world = Live(seed, PoliciesByName[policy]);
            var seen = $"seed {seed}, {policy}\n{string.Join("\n", world.Trace)}\n";
            Assert.True(world.IsOpen == world.Alert.Alert.IsFiring, $"{seen}: BigPanda is {(world.IsOpen ? "open" : "closed")}");
            Assert.True(world.Pager.Open.Count == (world.IsOpen ? 1 : 0), $"{seen}: {world.Pager.Open.Count} pages are open, and BigPanda's is {world.IsOpen}");
            if (world.Pager.Open is not [var page]) continue;
            Assert.True(world.Alert.Page.Id == page.PageId && world.Alert.Page.Status == PageStatus.Open, $"{seen}: the page is another one");
            Assert.True(Equals(world.Shown(), page.Shown), $"{seen}: the page shows an earlier state");
            Assert.True(page.AcknowledgedBy == world.Alert.Alert.Acknowledgement?.Actor, $"{seen}: acknowledged there by {page.AcknowledgedBy ?? "no person"}");
        }
    }

    [Fact]
    public void A_comment_is_said_once_on_each_side()
    {
        for (var seed = 0; seed < Lives; seed++)
        {
            var world = Live(seed, Default);
            Assert.Equal(world.Comments.Distinct(), world.Comments);
            Assert.Equal(world.Pager.Notes.Distinct(), world.Pager.Notes);
            // What comes from one side does not come back to it.
            Assert.DoesNotContain(world.Pager.Notes, note => note.Contains("(pagerduty)", StringComparison.Ordinal));
            Assert.DoesNotContain(world.Comments, comment => comment.Contains(" in BigPanda: ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void What_one_person_does_leads_to_at_most_one_action_in_each_other_system(string policy)
    {
        Dictionary<string, int> played = [];
        for (var seed = 0; seed < Lives; seed++)
        {
            var world = Live(seed, PoliciesByName[policy]);
            var (what, act) = world.ActsNow().MinBy(one => played.GetValueOrDefault(one.What));
            var (toPager, toBigPanda) = (world.Alert.Sent.Count, world.Alert.SentToBigPanda.Count);
            act();
            world.Settle();
            toPager = world.Alert.Sent.Count - toPager;
            toBigPanda = world.Alert.SentToBigPanda.Count - toBigPanda;

            played[what] = played.GetValueOrDefault(what) + 1;
            Assert.True(toPager <= MostIn("pagerduty", what), $"seed {seed}, {what}: {toPager} actions in PagerDuty");
            Assert.True(toBigPanda <= MostIn("bigpanda", what), $"seed {seed}, {what}: {toBigPanda} actions in BigPanda");
        }

        Assert.Equal(12, played.Count);

        static int MostIn(string system, string what) => what.StartsWith(system, StringComparison.Ordinal) ? 0 : 1;
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void What_comes_late_of_an_earlier_page_does_not_touch_the_present_one(string policy)
    {
        var late = 0;
        for (var seed = 0; seed < Lives; seed++)
        {
            Live(seed, PoliciesByName[policy], (evt, before, after) =>
            {
                var page = before.PagerDuty?.Latest;
                var isLate = evt switch
                {
                    PageChanged changed => changed.PageId != page?.Id,
                    ActionReported { Destination: Destination.PagerDuty, Kind: not PageActionKinds.Note } report => page?.HasAction(report.ActionId) != true,
                    _ => false,
                };
                if (!isLate) return;
                late++;
                Assert.Equal(page, after.PagerDuty?.Latest);
                Assert.Equal(before.Life, after.Life);
                Assert.Equal(before.Acknowledgement, after.Acknowledgement);
            });
        }

        Assert.True(late > Lives / 4, $"Only {late} late events were played.");
    }

    /// <summary>A page that goes on when the alert fires again shows an earlier firing for a while.</summary>
    [Theory]
    [InlineData("resolve delay")]
    [InlineData("both delays")]
    public void Who_resolves_a_page_resolves_no_firing_that_it_did_not_show(string policy)
    {
        var unseen = 0;
        for (var seed = 0; seed < Lives; seed++)
        {
            var world = new PagerWorld(seed, PoliciesByName[policy]);
            world.Decided = (evt, before, after) =>
            {
                if (evt is not PageChanged { Change: PageChange.Resolved, IsOurs: false } changed || !before.IsFiring) return;
                if (before.PagerDuty?.Latest is not { IsOver: false } page || page.Id != changed.PageId || page.ChangedAt >= changed.At) return;
                if (before.Life.LastFiredAt <= world.SeenBy[evt.MessageId].Newest.Moment.Time) return;
                unseen++;
                Assert.True(after.IsFiring, $"seed {seed}\n{string.Join("\n", world.Trace)}\n{evt}");
            };
            Play(world);
        }

        Assert.True(unseen > 0, "No firing was unseen.");
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_page_is_opened_only_for_a_firing_alert_without_one(string policy)
    {
        for (var seed = 0; seed < Lives; seed++)
        {
            var world = Live(seed, PoliciesByName[policy]);
            var triggers = world.Alert.Sent.Where(action => action.Kind == PageActionKinds.Trigger).Select(action => action.PageId).ToList();
            Assert.Equal(triggers.Distinct(), triggers);
            Assert.Equal(triggers.Count, world.Alert.Pager.Opened);
            // A page that was opened before another one was ended in between.
            var ended = world.Alert.Sent.Where(action => action.Kind == PageActionKinds.Resolve).Select(action => action.PageId)
                .Concat(world.Pager.Incidents.Where(incident => !incident.IsOpen).Select(incident => incident.PageId)).ToHashSet();
            Assert.All(triggers.SkipLast(1), page => Assert.Contains(page, ended));
        }
    }

    private static PagerWorld Live(int seed, PagingPolicy policy, Action<AlertEvent, Alert, Alert>? decided = null)
    {
        var world = new PagerWorld(seed, policy) { Decided = decided };
        Play(world);
        return world;
    }

    private static void Play(PagerWorld world)
    {
        for (var i = 0; i < Steps; i++) world.Step();
        world.Settle();
    }
}
