using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.Paging;

/// <summary>The timeline says of every change of a page what followed and why.</summary>
public sealed class PageReasonsTests
{
    private const string NotTaken = "recorded; the policy takes no such change from PagerDuty";
    private readonly PagedAlert _alert = PagedAlert.Paged();

    [Theory]
    [InlineData(PageChange.Triggered, Verdict.Echo, "PagerDuty shows the page", "page-triggered")]
    [InlineData(
        PageChange.Merged, Verdict.Noted, "merged into another incident of PagerDuty: the page goes on there, and nothing is resolved", "page-merged")]
    [InlineData(PageChange.Assigned, Verdict.Noted, "recorded", "page-assigned")]
    [InlineData(PageChange.Prioritized, Verdict.Noted, "recorded", "page-prioritized")]
    [InlineData(PageChange.Reopened, Verdict.Noted, "the page is open again", "page-reopened")]
    [InlineData(PageChange.Acknowledged, Verdict.Applied, "the alert is acknowledged", "page-acknowledged")]
    [InlineData(PageChange.Unacknowledged, Verdict.Applied, "the alert is no longer acknowledged", "page-unacknowledged")]
    public void A_change_of_the_page_of_a_firing_alert(PageChange change, Verdict verdict, string reason, string kind)
    {
        var entry = Take(_alert.Change(change, At(20), text: "linus"));

        Assert.Equal((verdict, reason, kind, "grace", null), (entry.Verdict, entry.Reason, entry.Kind, entry.Actor, entry.Comment));
    }

    [Theory]
    [InlineData(PageChange.Resolved, Verdict.Echo, "our own resolve, returned by PagerDuty")]
    [InlineData(PageChange.Acknowledged, Verdict.Echo, "passed on from BigPanda by the bridge")]
    public void Our_own_change_is_an_echo_of_the_bridge(PageChange change, Verdict verdict, string reason)
    {
        var entry = Take(_alert.Change(change, At(20)) with { IsOurs = true });

        Assert.Equal((verdict, reason, "the bridge"), (entry.Verdict, entry.Reason, entry.Actor));
    }

    [Theory]
    [InlineData(PageChange.Resolved)]
    [InlineData(PageChange.Acknowledged)]
    [InlineData(PageChange.Assigned)]
    [InlineData(PageChange.Noted)]
    public void A_change_that_the_policy_does_not_take_is_recorded(PageChange change) =>
        Assert.Equal((Verdict.Noted, NotTaken), Said(_alert.Change(change, At(20), text: "text") with { IsIgnored = true }));

    [Fact]
    public void A_change_that_arrives_again_is_a_duplicate()
    {
        var change = _alert.Change(PageChange.Resolved, At(20));
        Take(change);

        Assert.Equal((Verdict.Duplicate, "this change was already applied"), Said(change));
    }

    [Theory]
    [InlineData(PageChange.Resolved, PageChange.Reopened)]
    [InlineData(PageChange.Reopened, PageChange.Resolved)]
    public void Of_two_changes_at_one_time_the_first_counts(PageChange first, PageChange second)
    {
        Take(_alert.Change(first, At(20)));

        Assert.Equal((Verdict.Stale, "a newer change of the page is known"), Said(_alert.Change(second, At(20))));
        Assert.Equal((Verdict.Stale, "a newer change of the page is known"), Said(_alert.Change(second, At(19))));
    }

    [Fact]
    public void Of_two_acknowledgements_at_one_time_the_first_counts()
    {
        Take(_alert.Change(PageChange.Acknowledged, At(20)));

        Assert.Equal((Verdict.Stale, "a newer change is known"), Said(_alert.Change(PageChange.Unacknowledged, At(20))));
    }

    [Fact]
    public void An_acknowledgement_of_what_the_page_showed_before_it_was_triggered_again_is_stale()
    {
        Take(_alert.Change(PageChange.Triggered, At(20)));

        Assert.Equal((Verdict.Stale, "a newer change is known"), Said(_alert.Change(PageChange.Acknowledged, At(19))));
        Assert.Equal((Verdict.Applied, "the alert is acknowledged"), Said(_alert.Change(PageChange.Acknowledged, At(20))));
    }

    [Fact]
    public void An_acknowledgement_of_a_page_that_is_resolved_is_stale()
    {
        _alert.Policy = _alert.Policy with { Resolve = Direction.Out };
        Take(_alert.Change(PageChange.Resolved, At(20)));

        Assert.Equal((Verdict.Stale, "the page is resolved"), Said(_alert.Change(PageChange.Acknowledged, At(25))));
    }

    [Fact]
    public void An_acknowledgement_that_BigPanda_is_to_show_names_PagerDuty_where_no_person_is_known()
    {
        var decision = _alert.Take(_alert.Change(PageChange.Acknowledged, At(20), actor: null) with { IsCommented = true }, At(21));

        var comment = Assert.Single(decision.Transitions.OfType<Commented>());
        Assert.Equal((ResolvedVia.PagerDuty, "PagerDuty", "acknowledged the page"), (comment.Via, comment.Actor, comment.Text));
    }

    [Fact]
    public void What_is_about_an_earlier_page_is_said()
    {
        var first = _alert.Page.Id;
        _alert.Send(Closed(20), At(21));
        _alert.Send(Reopened(30), At(31));

        Assert.Equal((Verdict.Stale, "it is about an earlier page"), Said(_alert.Change(PageChange.Acknowledged, At(24), pageId: first)));
        Assert.Equal(
            (Verdict.Noted, "it is about an earlier page: the alert does not change"), Said(_alert.Change(PageChange.Resolved, At(25), pageId: first)));
        Assert.Equal(
            (Verdict.Stale, "it is about an earlier page, which is resolved"), Said(_alert.Change(PageChange.Resolved, At(25), pageId: "20200101000000-1")));
    }

    [Theory]
    [InlineData(DestinationMode.On, "recorded; the note is sent to BigPanda as a comment")]
    [InlineData(DestinationMode.Off, "recorded; nothing is sent to BigPanda")]
    public void A_note_says_whether_it_goes_to_BigPanda(DestinationMode mode, string reason)
    {
        _alert.Modes = _alert.Modes with { BigPanda = mode };
        var note = _alert.Change(PageChange.Noted, At(20), text: "restarting");
        var entry = Take(note);

        Assert.Equal((Verdict.Noted, reason, "restarting"), (entry.Verdict, entry.Reason, entry.Comment));
        Assert.Equal((Verdict.Duplicate, "this change was already applied"), Said(note));
        for (var i = 0; i < 20; i++) _alert.Take(Updated(100 + i), At(101 + i));
        Assert.Equal((Verdict.Duplicate, "this note was already applied"), Said(note));
    }

    [Fact]
    public void A_note_without_a_text_is_noted() =>
        Assert.Equal((Verdict.Noted, "a note without a text"), Said(_alert.Change(PageChange.Noted, At(20), text: " ")));

    [Fact]
    public void A_note_of_an_unknown_person_is_PagerDutys()
    {
        var decision = _alert.Take(_alert.Change(PageChange.Noted, At(20), actor: null, text: "text"), At(21));

        Assert.Equal("PagerDuty", Assert.Single(decision.Transitions.OfType<Commented>()).Actor);
    }

    [Theory]
    [InlineData(4000, "")]
    [InlineData(4001, "… (cut: the whole note is in PagerDuty)")]
    public void A_note_is_cut_where_a_comment_would_be_too_long(int length, string end)
    {
        var decision = _alert.Take(_alert.Change(PageChange.Noted, At(20), text: new string('x', length)), At(21));

        Assert.Equal(new string('x', 4000) + end, Assert.Single(decision.Transitions.OfType<Commented>()).Text);
    }

    [Fact]
    public void A_note_of_ours_is_ours_however_often_it_comes_back_within_a_day()
    {
        _alert.Send(Comment("one", "request-1"), At(20));
        _alert.Send(Comment("two", "request-2"), At(21));
        var texts = _alert.Sent.Where(action => action.Kind == PageActionKinds.Note).Select(action => action.Text).ToArray();

        Assert.Equal(
            (Verdict.Echo, "our own note, returned by PagerDuty"), Said(_alert.Change(PageChange.Noted, At(30), "a bot", texts[0])));
        Assert.Equal(Verdict.Echo, Said(_alert.Change(PageChange.Noted, At(31), "a bot", texts[1])).Verdict);
        Assert.Equal(Verdict.Echo, Said(_alert.Change(PageChange.Noted, At(32), "a bot", texts[0])).Verdict);
        Assert.Equal(Verdict.Noted, _alert.Take(_alert.Change(PageChange.Noted, At(33), "a bot", texts[0]), At(24 * 3600 + 21)).Timeline[0].Verdict);
    }

    private static CommentRequested Comment(string text, string id) => new(IncidentId, ResolvedVia.Api, "ada", text, At(20), id);

    private (Verdict Verdict, string Reason) Said(PageChanged changed) => Take(changed) is var entry ? (entry.Verdict, entry.Reason) : default;

    private TimelineEntry Take(PageChanged changed) => _alert.Take(changed, At(40)).Timeline[0];
}
