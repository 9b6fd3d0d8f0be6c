using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.Paging;

/// <summary>What happens in PagerDuty, and what follows from it here and in BigPanda.</summary>
public sealed class PageChangedTests
{
    private readonly PagedAlert _alert = PagedAlert.Paged();

    [Fact]
    public void A_person_who_resolves_the_page_resolves_the_alert_and_closes_the_incident()
    {
        Assert.Equal("", _alert.Send(_alert.Change(PageChange.Resolved, At(20)), At(21)));

        var close = Assert.IsType<CloseIncidentAction>(Assert.Single(_alert.SentToBigPanda));
        Assert.Equal("Resolved by grace through the alert bridge (pagerduty).", close.Comment);
        Assert.Equal((ResolvedVia.PagerDuty, "grace", At(20)), (_alert.Alert.Life.ResolvedVia, _alert.Alert.Life.ResolvedBy, _alert.Alert.Life.ResolvedAt));
        Assert.Equal(PageStatus.Resolved, _alert.Page.Status);
    }

    [Fact]
    public void An_automatic_rule_of_PagerDuty_resolves_too()
    {
        _alert.Take(_alert.Change(PageChange.Resolved, At(20), actor: null), At(21));

        Assert.Equal("Resolved by PagerDuty through the alert bridge (pagerduty).", Assert.Single(_alert.SentToBigPanda).Comment);
    }

    [Fact]
    public void The_close_that_follows_comes_back_as_an_echo_and_sends_nothing_to_PagerDuty()
    {
        _alert.Take(_alert.Change(PageChange.Resolved, At(20)), At(21));
        var closed = Closed(22);
        var echo = _alert.Take(closed with { Incident = closed.Incident with { Comment = _alert.SentToBigPanda[0].Comment } }, At(23));

        Assert.Equal((Verdict.Echo, SyncState.InSync), (echo.Verdict, _alert.Alert.BigPanda.State));
        Assert.Single(_alert.Sent);
    }

    [Fact]
    public void Our_own_resolve_coming_back_is_an_echo()
    {
        _alert.Send(Closed(20), At(21));
        var echo = _alert.Take(_alert.Change(PageChange.Resolved, At(22)) with { IsOurs = true }, At(23));

        Assert.Equal((Verdict.Echo, PageStatus.Resolved), (echo.Verdict, _alert.Page.Status));
        Assert.Empty(_alert.SentToBigPanda);
    }

    /// <summary>Our resolve is under way, and the alert fires again after a delay: the echo must not keep its page from being opened.</summary>
    [Fact]
    public void Our_own_resolve_coming_back_late_does_not_touch_the_next_episode()
    {
        var alert = new PagedAlert(new PagingPolicy { DefaultKeyId = PagedAlert.DefaultKey, FireDelaySeconds = 60 });
        alert.Send(New(10), At(11));
        alert.SendDue();
        var first = alert.Page.Id;
        alert.Send(Closed(200), At(201));
        alert.Send(Reopened(210), At(211));
        alert.Send(alert.Change(PageChange.Resolved, At(205), pageId: first) with { IsOurs = true }, At(212));

        Assert.Equal("page", alert.SendDue());
    }

    [Fact]
    public void A_late_resolve_of_an_earlier_page_changes_nothing()
    {
        var first = _alert.Page.Id;
        _alert.Send(Closed(20), At(21));
        _alert.Send(Reopened(30), At(31));
        var late = _alert.Take(_alert.Change(PageChange.Resolved, At(25), pageId: first), At(40));
        var gone = _alert.Take(_alert.Change(PageChange.Resolved, At(25), pageId: first), At(41));

        Assert.Equal((Verdict.Noted, Verdict.Stale), (late.Verdict, gone.Verdict));
        Assert.True(_alert.Alert.IsFiring);
        Assert.Equal(("20261101100031-2", PageStatus.Opening), (_alert.Page.Id, _alert.Page.Status));
        Assert.Empty(_alert.SentToBigPanda);
    }

    /// <summary>They resolved what the page showed; BigPanda had reopened the incident since, which the page did not show yet.</summary>
    [Fact]
    public void A_resolve_of_a_page_that_does_not_show_the_newest_reopen_opens_another_page()
    {
        _alert.Send(Closed(200), At(300));
        _alert.Accept(At(301));
        _alert.Send(Reopened(210), At(310));
        _alert.Report(_alert.Sent[^1], ActionResult.Retrying, At(311));
        var second = _alert.Page.Id;
        _alert.Send(Reopened(230), At(320));
        _alert.Send(Closed(220), At(330));
        Assert.Equal((3, second), (_alert.Alert.Life.Episode, _alert.Page.Id));

        Assert.Equal("page", _alert.Send(_alert.Change(PageChange.Resolved, At(335)), At(336)));
        Assert.True(_alert.Alert.IsFiring);
        Assert.Empty(_alert.SentToBigPanda);
    }

    /// <summary>The event that opened it shows more than was planned, and no answer to it is known.</summary>
    [Theory]
    [InlineData(PageChange.Triggered)]
    [InlineData(PageChange.Resolved)]
    public void A_resolve_counts_for_what_the_page_was_opened_with(PageChange by)
    {
        var alert = new PagedAlert();
        alert.Send(New(10), At(11));
        alert.Send(Reopened(30), At(31));
        alert.Send(Closed(20), At(32));
        var opening = alert.Alert.Shown;
        alert.Send(alert.Change(PageChange.Triggered, At(40)) with { Opening = by == PageChange.Triggered ? opening : null }, At(41));
        alert.Report(alert.Sent[0], ActionResult.Retrying, At(42));
        alert.Send(alert.Change(PageChange.Resolved, At(50)) with { Opening = by == PageChange.Resolved ? opening : null }, At(51));

        Assert.Equal((2, AlertStatus.Resolved), (alert.Alert.Life.Episode, alert.Alert.Life.Status));
        Assert.Single(alert.SentToBigPanda);
    }

    /// <summary>The answer comes after the webhook, and is about what was planned before.</summary>
    [Fact]
    public void What_a_page_is_known_to_show_does_not_go_back()
    {
        var alert = new PagedAlert();
        alert.Send(New(10), At(11));
        alert.Send(Updated(30, "warning"), At(31));
        var opening = alert.Alert.Shown;
        alert.Send(alert.Change(PageChange.Triggered, At(40)) with { Opening = opening }, At(41));
        alert.Accept(At(42));

        Assert.Equal(opening.Newest, alert.Page.Shows);
    }

    [Fact]
    public void A_resolve_that_arrives_again_is_a_duplicate()
    {
        var resolve = _alert.Change(PageChange.Resolved, At(20));
        _alert.Take(resolve, At(21));
        for (var i = 0; i < 20; i++) _alert.Take(Updated(100 + i), At(101 + i));

        Assert.Equal(Verdict.Stale, _alert.Take(resolve, At(3600)).Verdict);
        Assert.Single(_alert.SentToBigPanda);
    }

    [Fact]
    public void A_merge_is_noted_and_the_page_goes_on_in_the_other_incident()
    {
        var target = new PagerIncident("P9", "https://acme.pagerduty.com/incidents/P9");
        var merged = _alert.Take(_alert.Change(PageChange.Merged, At(20)) with { External = target }, At(21));

        Assert.Equal((Verdict.Noted, PageStatus.Open, target), (merged.Verdict, _alert.Page.Status, _alert.Page.Incident));
        Assert.Equal("page-resolve", _alert.Send(Closed(30), At(31)));
    }

    [Fact]
    public void A_resolve_that_the_policy_does_not_take_ends_the_page_and_not_the_alert()
    {
        _alert.Policy = _alert.Policy with { Resolve = Direction.Out };
        Assert.Equal("", _alert.Send(_alert.Change(PageChange.Resolved, At(20)), At(21)));
        Assert.Equal("", _alert.Send(Updated(60, "warning"), At(61)));
        Assert.True(_alert.Alert.IsFiring);
        Assert.Empty(_alert.SentToBigPanda);

        _alert.Send(Closed(70), At(71));
        Assert.Equal("page", _alert.Send(Reopened(80), At(81)));
    }

    [Fact]
    public void A_page_that_is_reopened_while_the_alert_fires_stands_for_it_again()
    {
        _alert.Policy = _alert.Policy with { Resolve = Direction.Out };
        _alert.Send(_alert.Change(PageChange.Resolved, At(20)), At(21));
        _alert.Send(_alert.Change(PageChange.Reopened, At(30)), At(31));

        Assert.Equal(PageStatus.Open, _alert.Page.Status);
        Assert.Equal("page-resolve", _alert.Send(Closed(70), At(71)));
    }

    [Fact]
    public void A_page_that_is_reopened_after_the_alert_was_resolved_is_noted()
    {
        _alert.Take(_alert.Change(PageChange.Resolved, At(20)), At(21));
        var reopened = _alert.Take(_alert.Change(PageChange.Reopened, At(30)), At(31));

        Assert.Equal((Verdict.Noted, false, PageStatus.Resolved), (reopened.Verdict, _alert.Alert.IsFiring, _alert.Page.Status));
    }

    [Fact]
    public void A_resolve_that_arrives_after_a_later_reopen_changes_nothing()
    {
        _alert.Take(_alert.Change(PageChange.Reopened, At(30)), At(31));
        var late = _alert.Take(_alert.Change(PageChange.Resolved, At(20)), At(32));

        Assert.Equal((Verdict.Stale, true), (late.Verdict, _alert.Alert.IsFiring));
    }

    [Fact]
    public void An_event_of_the_trigger_shows_that_the_page_is_open()
    {
        var alert = new PagedAlert();
        alert.Send(New(10), At(11));
        alert.Take(alert.Change(PageChange.Triggered, At(12)) with { External = new PagerIncident("P1", null), IsOurs = true }, At(13));

        Assert.Equal((PageStatus.Open, "P1"), (alert.Page.Status, alert.Page.Incident?.Id));
    }

    /// <summary>A repeated trigger or an update that is sent just after a person has resolved the page opens another incident for it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_that_an_event_has_opened_again_after_its_end_is_resolved_again(bool inOrder)
    {
        var resolved = _alert.Change(PageChange.Resolved, At(20)) with { External = new PagerIncident("P1", null) };
        var triggered = _alert.Change(PageChange.Triggered, At(21)) with { External = new PagerIncident("P2", null), IsOurs = true };
        var (first, second) = inOrder ? (resolved, triggered) : (triggered, resolved);
        var sent = _alert.Send(first, At(30)) + _alert.Send(second, At(31));

        Assert.Equal("page-resolve", sent);
        Assert.Equal((PageStatus.Resolving, "P2", false), (_alert.Page.Status, _alert.Page.Incident?.Id, _alert.Alert.IsFiring));
        Assert.Single(_alert.SentToBigPanda);
    }

    /// <summary>They resolved it before PagerDuty accepted what it shows now, which no webhook or the other incident's has said.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_resolve_does_not_count_for_what_was_shown_after_it(bool isOpenAgain)
    {
        var alert = new PagedAlert(new PagingPolicy { DefaultKeyId = PagedAlert.DefaultKey, ResolveDelaySeconds = 300, UpdateIntervalSeconds = 1 });
        alert.Send(New(10), At(11));
        alert.Accept(At(12));
        alert.Send(Closed(20), At(21));
        Assert.Equal("page-update", alert.Send(Reopened(30), At(31)));
        alert.Accept(At(41));
        if (isOpenAgain) alert.Send(alert.Change(PageChange.Triggered, At(41)) with { IsOurs = true }, At(42));
        var resolved = alert.Take(alert.Change(PageChange.Resolved, At(40)) with { IsBeforeShown = true }, At(50));

        Assert.Equal((Verdict.Stale, 2, true), (resolved.Verdict, alert.Alert.Life.Episode, alert.Alert.IsFiring));
        Assert.Empty(alert.SentToBigPanda);
    }

    /// <summary>An update that was under way when the page was resolved by the bridge has opened another incident.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_that_an_event_has_opened_again_behind_our_own_resolve_is_resolved_again(bool inOrder)
    {
        _alert.Send(Closed(19), At(19));
        _alert.Accept(At(20));
        Assert.Equal(PageStatus.Resolved, _alert.Page.Status);
        var resolved = _alert.Change(PageChange.Resolved, At(20), actor: null) with { External = new PagerIncident("P1", null), IsOurs = true };
        var triggered = _alert.Change(PageChange.Triggered, At(21)) with { External = new PagerIncident("P2", null), IsOurs = true };
        var (first, second) = inOrder ? (resolved, triggered) : (triggered, resolved);
        var sent = _alert.Send(first, At(30)) + _alert.Send(second, At(31));

        Assert.Equal("page-resolve", sent);
        Assert.Equal((PageStatus.Resolving, "P2"), (_alert.Page.Status, _alert.Page.Incident?.Id));
    }

    [Fact]
    public void An_earlier_page_that_an_event_has_opened_again_is_resolved_again()
    {
        var first = _alert.Page.Id;
        _alert.Send(_alert.Change(PageChange.Resolved, At(20)), At(21));
        _alert.Send(Closed(22), At(23));
        _alert.Send(Reopened(30), At(31));
        var again = _alert.Change(PageChange.Triggered, At(21), pageId: first) with { IsOurs = true };

        Assert.Equal("page-resolve", _alert.Send(again, At(40)));
        Assert.Equal(first, _alert.Sent[^1].PageId);
        Assert.Equal(PageStatus.Opening, _alert.Page.Status);
    }

    [Fact]
    public void An_unknown_page_is_stale() =>
        Assert.Equal(Verdict.Stale, _alert.Take(_alert.Change(PageChange.Resolved, At(20), pageId: "20200101000000-1"), At(21)).Verdict);

    [Theory]
    [InlineData(PageChange.Assigned, "linus", "assigned to linus")]
    [InlineData(PageChange.Prioritized, "P1", "given the priority P1")]
    [InlineData(PageChange.Prioritized, null, "without a priority")]
    public void Assignments_and_priorities_are_noted(PageChange change, string? text, string what)
    {
        var noted = _alert.Take(_alert.Change(change, At(20), text: text), At(21));

        Assert.Equal((Verdict.Noted, "grace"), (noted.Verdict, noted.Timeline[0].Actor));
        Assert.EndsWith(what, noted.Timeline[0].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_policy_does_not_take_is_recorded_as_such()
    {
        _alert.Policy = _alert.Policy with { Assignment = Direction.Out };

        var ignored = _alert.Take(_alert.Change(PageChange.Assigned, At(20), text: "linus"), At(21));
        Assert.Contains("takes no such change", ignored.Timeline[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>The severity that the page showed is what was resolved: what came after it and was not shown is worse.</summary>
    [Fact]
    public void A_resolver_in_PagerDuty_has_accepted_what_the_page_showed()
    {
        _alert.Take(Updated(20, "disaster"), At(21));
        _alert.Take(_alert.Change(PageChange.Resolved, At(22)), At(23));
        Assert.NotNull(_alert.Alert.CloseOverdueAt);

        _alert.Take(CloseOutcome(_alert.Alert, ActionResult.Failed), At(24));
        Assert.True(_alert.Alert.IsFiring);
    }
}
