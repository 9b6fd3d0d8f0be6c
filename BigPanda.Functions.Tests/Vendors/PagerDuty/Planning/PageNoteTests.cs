using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

/// <summary>Comments and notes: each goes once to the systems it does not come from, and none bounces.</summary>
public sealed class PageNoteTests
{
    private readonly PagedAlert _alert = PagedAlert.Paged();

    [Fact]
    public void A_comment_here_goes_to_both()
    {
        Assert.Equal("page-note", _alert.Send(Comment("looking", "request-1"), At(20)));

        Assert.Equal(("note-request-1", "ada through the alert bridge (api): looking"), (_alert.Sent[^1].ActionId, _alert.Sent[^1].Text));
        Assert.IsType<AddCommentAction>(Assert.Single(_alert.SentToBigPanda));
    }

    [Fact]
    public void A_comment_that_is_requested_again_goes_nowhere_although_BigPanda_is_off()
    {
        _alert.Modes = _alert.Modes with { BigPanda = DestinationMode.Off };
        Assert.Equal("page-note", _alert.Send(Comment("looking", "request-1"), At(20)));

        Assert.Equal("", _alert.Send(Comment("looking", "request-2"), At(60)));
    }

    [Fact]
    public void A_comment_in_BigPanda_becomes_a_note_and_comes_back_as_an_echo()
    {
        Assert.Equal("page-note", _alert.Send(InBigPanda(20, "on it"), At(21)));
        Assert.Equal("linus in BigPanda: on it", _alert.Sent[^1].Text);

        var echo = _alert.Take(_alert.Change(PageChange.Noted, At(22), "a bot", _alert.Sent[^1].Text), At(23));
        Assert.Equal(Verdict.Echo, echo.Verdict);
        Assert.Empty(_alert.SentToBigPanda);
    }

    [Theory]
    [InlineData(DestinationMode.On, 1)]
    [InlineData(DestinationMode.Shadow, 0)]
    public void A_note_that_arrives_again_is_known_although_a_comment_has_failed_since(DestinationMode mode, int comments)
    {
        _alert.Modes = new AlertPolicy { BigPanda = mode, PagerDuty = mode };
        var note = _alert.Change(PageChange.Noted, At(20), text: "restarting");
        _alert.Take(note, At(21));
        _alert.Take(
            new ActionReported(IncidentId, "comment-1", Destination.BigPanda, ActionKinds.Comment, ActionResult.Failed, 1, "why", At(22), "outcome"), At(22));
        // Beyond the messages that are remembered.
        for (var i = 0; i < 20; i++) _alert.Take(Updated(100 + i), At(101 + i));

        Assert.Equal(Verdict.Duplicate, _alert.Take(note, At(3600)).Verdict);
        Assert.Equal(comments, _alert.SentToBigPanda.Count);
    }

    [Fact]
    public void A_note_in_PagerDuty_becomes_a_comment_and_comes_back_as_an_echo()
    {
        Assert.Equal("", _alert.Send(_alert.Change(PageChange.Noted, At(20), text: "restarting"), At(21)));
        var comment = Assert.IsType<AddCommentAction>(Assert.Single(_alert.SentToBigPanda));
        Assert.Equal("grace through the alert bridge (pagerduty): restarting", comment.Comment);

        Assert.Equal("", _alert.Send(InBigPanda(22, comment.Comment), At(23)));
        Assert.Single(_alert.SentToBigPanda);
    }

    [Fact]
    public void A_note_that_arrives_again_makes_one_comment()
    {
        var note = _alert.Change(PageChange.Noted, At(20), text: "restarting");
        _alert.Take(note, At(21));
        for (var i = 0; i < 20; i++) _alert.Take(Updated(30 + i), At(31 + i));

        Assert.Equal(Verdict.Duplicate, _alert.Take(note, At(3600)).Verdict);
        Assert.Single(_alert.SentToBigPanda);
    }

    [Fact]
    public void The_same_text_in_two_notes_makes_two_comments()
    {
        _alert.Take(_alert.Change(PageChange.Noted, At(20), text: "restarting"), At(21));
        _alert.Take(_alert.Change(PageChange.Noted, At(60), text: "restarting"), At(61));

        Assert.Equal(2, _alert.SentToBigPanda.Count);
    }

    [Theory]
    [InlineData("Resolution Note: disk replaced")]
    [InlineData(" resolution note:disk replaced ")]
    public void A_resolution_note_is_said_to_be_one(string text)
    {
        _alert.Take(_alert.Change(PageChange.Noted, At(20), text: text), At(21));

        Assert.Equal("grace through the alert bridge (pagerduty): resolution note: disk replaced", Assert.Single(_alert.SentToBigPanda).Comment);
    }

    [Fact]
    public void A_note_on_an_earlier_page_is_a_comment_too()
    {
        var first = _alert.Page.Id;
        _alert.Send(Closed(20), At(21));
        _alert.Accept(At(22));
        _alert.Send(Reopened(30), At(31));

        _alert.Take(_alert.Change(PageChange.Noted, At(40), text: "it was the disk", pageId: first), At(41));
        Assert.Single(_alert.SentToBigPanda);
    }

    [Theory]
    [InlineData(Direction.Both, 1, 1)]
    [InlineData(Direction.In, 1, 0)]
    [InlineData(Direction.Out, 0, 1)]
    [InlineData(Direction.Off, 0, 0)]
    public void The_policy_says_which_way_comments_go(Direction direction, int comments, int notes)
    {
        var alert = new PagedAlert(new PagingPolicy { DefaultKeyId = PagedAlert.DefaultKey, Comment = direction });
        alert.Send(New(10), At(11));
        alert.Take(alert.Change(PageChange.Noted, At(20), text: "restarting"), At(21));
        Assert.Equal(comments, alert.SentToBigPanda.Count);

        alert.Send(InBigPanda(22, "on it"), At(23));
        Assert.Equal(notes, alert.Sent.Count(action => action.Kind == PageActionKinds.Note));
    }

    [Fact]
    public void A_long_comment_is_cut_and_says_so()
    {
        _alert.Send(InBigPanda(20, new string('x', 20_000)), At(21));

        Assert.EndsWith("x… (cut: the whole text is in BigPanda)", _alert.Sent[^1].Text, StringComparison.Ordinal);
        Assert.Equal(Verdict.Echo, _alert.Take(_alert.Change(PageChange.Noted, At(22), text: _alert.Sent[^1].Text), At(23)).Verdict);
    }

    [Fact]
    public void A_long_note_is_cut_and_says_so()
    {
        _alert.Take(_alert.Change(PageChange.Noted, At(20), text: new string('x', 60_000)), At(21));

        Assert.EndsWith("xx… (cut: the whole note is in PagerDuty)", Assert.Single(_alert.SentToBigPanda).Comment, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_without_a_page_has_no_notes()
    {
        var alert = new PagedAlert(new PagingPolicy());
        alert.Send(New(10), At(11));

        Assert.Equal("", alert.Send(InBigPanda(20, "on it"), At(21)));
    }

    private static CommentRequested Comment(string text, string id) => new(IncidentId, ResolvedVia.Api, "ada", text, At(20), id);

    private static IncidentReported InBigPanda(long second, string comment)
    {
        var reported = Of(second, true, "critical", IncidentEvents.Commented);
        return reported with { Incident = reported.Incident with { Comment = comment, Sender = "linus", Tags = New(10).Incident.Tags } };
    }
}
