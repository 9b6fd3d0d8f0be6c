using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

/// <summary>Pages that wait: for the fire delay, while snoozed or flapping, for the resolve delay.</summary>
public sealed class PageDelayTests
{
    private static readonly PagingPolicy Policy = new() { DefaultKeyId = PagedAlert.DefaultKey };

    [Fact]
    public void A_page_is_opened_when_the_fire_delay_ends()
    {
        var alert = new PagedAlert(Policy with { FireDelaySeconds = 60 });
        Assert.Equal("", alert.Send(New(10), At(11)));
        Assert.Equal((At(71), "the page waits for the fire delay of 60 s"), (alert.Pager.DueAt, alert.Pager.Held));
        Assert.Equal("", alert.Send(Updated(20), At(21)));
        Assert.Equal(At(71), alert.Pager.DueAt);

        Assert.Equal("page", alert.SendDue());
        Assert.Equal((null, null, null), (alert.Pager.DueAt, alert.Pager.Held, alert.Pager.WantedSince));
        Assert.Single(alert.Timeline, entry => entry.Reason.Contains("fire delay", StringComparison.Ordinal));
    }

    /// <summary>Clocks of instances and of the broker differ.</summary>
    [Fact]
    public void A_delay_that_is_due_has_ended_whatever_our_clock_shows()
    {
        var alert = new PagedAlert(Policy with { FireDelaySeconds = 60 });
        alert.Send(New(10), At(11));

        Assert.Equal("page", alert.Send(new PlanDue(IncidentId, At(71), "due"), At(70)));
    }

    [Fact]
    public void An_alert_that_is_resolved_within_the_fire_delay_never_pages_and_the_timeline_says_so()
    {
        var alert = new PagedAlert(Policy with { FireDelaySeconds = 60 });
        alert.Send(New(10), At(11));
        Assert.Equal("", alert.Send(Closed(20), At(21)));

        Assert.Equal("", alert.Send(new PlanDue(IncidentId, At(71), "due"), At(71)));
        Assert.Single(alert.Timeline, entry => entry.Reason.StartsWith("would have paged", StringComparison.Ordinal));
        Assert.Equal(PagerState.None, alert.Pager);
    }

    [Fact]
    public void Each_episode_has_its_own_fire_delay()
    {
        var alert = new PagedAlert(Policy with { FireDelaySeconds = 60 });
        alert.Send(New(10), At(11));
        alert.Send(Closed(20), At(21));
        alert.Send(Reopened(30), At(31));

        Assert.Equal("", alert.Send(new PlanDue(IncidentId, At(71), "due"), At(71)));
        Assert.Equal(At(91), alert.Pager.DueAt);
        Assert.Equal("page", alert.SendDue());
    }

    [Fact]
    public void A_page_stays_open_for_the_resolve_delay()
    {
        var alert = new PagedAlert(Policy with { ResolveDelaySeconds = 60 });
        alert.Send(New(10), At(11));
        Assert.Equal("", alert.Send(Closed(20), At(21)));
        Assert.Equal((At(81), PageStatus.Opening), (alert.Pager.DueAt, alert.Page.Status));

        Assert.Equal("page-resolve", alert.SendDue());
        Assert.Equal((null, null), (alert.Pager.DueAt, alert.Pager.Held));
    }

    [Fact]
    public void An_alert_that_fires_again_within_the_resolve_delay_keeps_its_page()
    {
        var alert = new PagedAlert(Policy with { ResolveDelaySeconds = 60 });
        alert.Send(New(10), At(11));
        alert.Accept(At(12));
        alert.Take(alert.Change(PageChange.Acknowledged, At(15)), At(16));
        alert.Send(Closed(20), At(21));
        Assert.False(alert.Alert.IsAcknowledged);

        Assert.DoesNotContain("page-resolve", alert.Send(Reopened(30), At(60)), StringComparison.Ordinal);
        Assert.Contains(alert.Timeline, entry => entry.Reason == "the alert fires again within the resolve delay: its page stays open");
        Assert.Equal(("20261101100011-1", true), (alert.Page.Id, alert.Alert.IsAcknowledged));
        Assert.Equal("page-resolve", alert.Send(Closed(70), At(71)) + alert.SendDue());
    }

    [Theory]
    [InlineData(PagingChoice.Page, "page", "")]
    [InlineData(PagingChoice.Hold, "", "page")]
    [InlineData(PagingChoice.Never, "", "")]
    public void A_flapping_incident_is_paged_as_the_policy_says(PagingChoice choice, string meanwhile, string afterwards)
    {
        var alert = new PagedAlert(Policy with { Flapping = choice });

        Assert.Equal(meanwhile, alert.Send(With(New(10), incident => incident with { Flapping = true }), At(11)));
        Assert.Equal("", alert.Send(With(Updated(15), incident => incident with { Flapping = true }), At(16)));
        Assert.Equal(afterwards, alert.Send(With(Updated(20), incident => incident with { StatedEmpty = IncidentFields.Flapping }), At(21)));
        Assert.Equal(choice == PagingChoice.Page ? 0 : 1, alert.Timeline.Count(entry => entry.Reason.Contains("flapping", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_episode_after_one_that_is_never_paged_is_paged()
    {
        var alert = new PagedAlert(Policy with { Snoozed = PagingChoice.Never });
        alert.Send(With(New(10), incident => incident with { Snoozed = true }), At(11));
        Assert.Contains("this episode is not paged", alert.Pager.Held, StringComparison.Ordinal);
        alert.Send(With(Closed(20), incident => incident with { StatedEmpty = IncidentFields.Snooze }), At(21));

        Assert.Equal("page", alert.Send(Reopened(30), At(31)));
    }

    [Fact]
    public void A_snooze_ends_at_its_time_also_without_a_delivery()
    {
        var alert = new PagedAlert(Policy with { Snoozed = PagingChoice.Hold });
        Assert.Equal("", alert.Send(With(New(10), incident => incident with { Snoozed = true, SnoozedUntil = At(600) }), At(11)));
        Assert.Equal(At(600), alert.Pager.DueAt);

        Assert.Equal("page", alert.SendDue());
    }

    /// <summary>Snoozing an incident that is paged is not the end of its page.</summary>
    [Fact]
    public void A_page_that_is_open_stays_so_when_its_incident_is_snoozed()
    {
        var alert = new PagedAlert(Policy with { Snoozed = PagingChoice.Never });
        alert.Send(New(10), At(11));
        alert.Accept(At(12));

        Assert.DoesNotContain("page-resolve", alert.Send(With(Updated(60), incident => incident with { Snoozed = true }), At(61)), StringComparison.Ordinal);
        Assert.Equal("page-resolve", alert.Send(Closed(70), At(71)));
    }

    private static IncidentReported With(IncidentReported reported, Func<Incident, Incident> change) => reported with { Incident = change(reported.Incident) };
}
