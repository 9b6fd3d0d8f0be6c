using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

/// <summary>In shadow mode everything is planned and shown, and nothing is sent, then or later.</summary>
public sealed class ShadowPageTests
{
    private readonly PagedAlert _alert = new() { Modes = new AlertPolicy { PagerDuty = DestinationMode.Shadow } };

    [Fact]
    public void Everything_is_shown_and_nothing_sent()
    {
        _alert.Take(New(10), At(11));
        _alert.Take(Updated(60, "warning"), At(61));
        var comment = Of(70, true, "warning", IncidentEvents.Commented);
        _alert.Take(comment with { Incident = comment.Incident with { Comment = "on it", Sender = "linus" } }, At(71));
        _alert.Take(Closed(200), At(201));

        Assert.Equal(
            [
                "would open page 20261101100011-1 in PagerDuty through the default key, as critical: “Incident 5555370aabc20a001145d6g9”",
                "would update page 20261101100011-1 in PagerDuty, as warning: “Incident 5555370aabc20a001145d6g9”",
                "would add the note “linus in BigPanda: on it” to page 20261101100011-1 in PagerDuty",
                "would resolve page 20261101100011-1 in PagerDuty",
            ],
            _alert.Timeline.Where(entry => entry.Kind == "shadow").Select(entry => entry.Reason));
        Assert.Empty(_alert.Sent);
        Assert.Equal((PageStatus.Resolved, true), (_alert.Page.Status, _alert.Page.IsShadow));
        Assert.Null(_alert.Alert.ExpectedNotes);
    }

    [Fact]
    public void A_shadow_page_is_never_sent_and_the_next_episode_is()
    {
        _alert.Take(New(10), At(11));
        _alert.Modes = new AlertPolicy { PagerDuty = DestinationMode.On };

        Assert.Equal("", _alert.Send(Updated(60, "warning"), At(61)));
        Assert.Equal("", _alert.Send(Closed(70), At(71)));
        Assert.Equal("page", _alert.Send(Reopened(80), At(81)));
        Assert.False(_alert.Page.IsShadow);
    }

    [Fact]
    public void A_page_that_was_sent_is_left_alone_in_shadow_mode_and_resolved_when_the_mode_is_on_again()
    {
        _alert.Modes = new AlertPolicy { PagerDuty = DestinationMode.On };
        _alert.Send(New(10), At(11));
        _alert.Accept(At(12));
        _alert.Modes = new AlertPolicy { PagerDuty = DestinationMode.Shadow };
        Assert.Equal("", _alert.Send(Closed(20), At(21)));
        Assert.DoesNotContain(_alert.Timeline, entry => entry.Kind == "shadow");

        _alert.Modes = new AlertPolicy { PagerDuty = DestinationMode.On };
        Assert.Equal("page-resolve", _alert.Send(Closed(30), At(31)));
    }
}
