using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>Our clock never outranks BigPanda's: a fact without a BigPanda time is placed behind the newest fact that its author had seen.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public void A_new_without_a_time_and_a_close_by_a_clock_that_is_behind_end_resolved_in_the_first_episode()
    {
        var opened = Timeless(New(10)) with { ReceivedAt = At(100) };
        var decision = Apply(opened, Closed(20));

        Assert.Equal((AlertStatus.Resolved, 1), (decision.Alert.Life.Status, decision.Alert.Life.Episode));
        Assert.Equal((At(100), At(20)), (decision.Alert.Life.FirstFiredAt, decision.Alert.Life.ResolvedAt));
    }

    [Fact]
    public void A_delivery_without_a_time_comes_behind_what_was_known_and_before_what_comes_later()
    {
        var reopened = Timeless(Of(0, true, "warning", IncidentEvents.Reopen)) with { ReceivedAt = At(0) };
        var firing = Apply(New(10), Closed(20), reopened).Alert;

        Assert.Equal((AlertStatus.Firing, 2, "warning"), (firing.Life.Status, firing.Life.Episode, firing.Content.Severity));
        Assert.Equal(AlertStatus.Resolved, Then(firing, Closed(21)).Alert.Life.Status);
        Assert.Equal((AlertStatus.Firing, 2), Then(firing, Closed(19)).Alert.Life is var life ? (life.Status, life.Episode) : default);
    }

    [Fact]
    public void A_delivery_without_a_time_is_recognised_when_it_comes_again()
    {
        var update = Timeless(Updated(10));
        var later = Apply(New(10), update, Closed(20)).Alert;

        var again = Then(later, update with { ReceivedAt = At(900) });

        Assert.Equal((Verdict.Duplicate, later.Life), (again.Verdict, again.Alert.Life));
    }

    [Theory]
    [InlineData(47, AlertStatus.Firing)]
    [InlineData(49, AlertStatus.Resolved)]
    public void Times_more_than_48_hours_ahead_are_no_times(int hours, AlertStatus after)
    {
        var sent = Of(hours * 3600, true, "warning", IncidentEvents.Updated);
        var ahead = sent with { ReceivedAt = At(0), Incident = sent.Incident.WithoutFutureTimes(At(0)) };

        Assert.Equal(after, Apply(New(10), ahead, Closed(40)).Alert.Life.Status);
    }

    [Fact]
    public void A_delivery_has_the_later_of_its_two_times_and_the_one_it_has_stands_for_what_is_missing()
    {
        var named = New(10).Incident;
        var unnamed = named with { Events = [] };

        Assert.Equal(new Moment(At(30), At(10)), IncidentMark.MomentOf(named with { ChangedOn = At(20), UpdatedOn = At(30) }));
        Assert.Equal(new Moment(At(30), At(10)), IncidentMark.MomentOf(named with { ChangedOn = At(30), UpdatedOn = At(20) }));
        Assert.Equal(Moment.Of(At(10)), IncidentMark.MomentOf(named with { ChangedOn = null, UpdatedOn = null }));
        Assert.Equal(Moment.Of(At(30)), IncidentMark.MomentOf(unnamed with { ChangedOn = null, UpdatedOn = At(30) }));
        Assert.Equal(Moment.Of(At(30)), IncidentMark.MomentOf(unnamed with { ChangedOn = At(30), UpdatedOn = null }));
        Assert.Null(IncidentMark.MomentOf(unnamed with { ChangedOn = null, UpdatedOn = null }));
    }

    [Theory]
    [InlineData(-24)]
    [InlineData(0)]
    [InlineData(24)]
    public void After_a_conflict_a_reopen_fires_the_alert_and_can_be_resolved_whatever_our_clock_shows(int hours)
    {
        var conflict = AfterConflict(hours);
        var firing = Then(conflict, Reopened(15)).Alert;

        Assert.Equal((AlertStatus.Firing, 2), (firing.Life.Status, firing.Life.Episode));
        var resolved = Then(firing, Resolve(firing, 30));
        Assert.IsType<CloseIncidentAction>(resolved.Action);
        Assert.Equal(AlertStatus.Firing, Then(resolved.Alert, Reopened(40)).Alert.Life.Status);
    }

    [Theory]
    [InlineData(-24)]
    [InlineData(0)]
    [InlineData(24)]
    public void After_a_conflict_an_update_from_before_the_close_fires_no_phantom(int hours)
    {
        var conflict = AfterConflict(hours);
        var late = Updated(15) with { ReceivedAt = At(1000) + (Day * (hours / 24)) };

        Assert.Equal((AlertStatus.Resolved, 1), Then(conflict, late).Alert.Life is var life ? (life.Status, life.Episode) : default);
    }

    [Theory]
    [InlineData(true, -1, AlertStatus.Resolved)]
    [InlineData(true, 1, AlertStatus.Firing)]
    [InlineData(false, 599, AlertStatus.Resolved)]
    [InlineData(false, 601, AlertStatus.Firing)]
    public void What_shows_the_incident_active_after_a_conflict_counts_by_when_it_was_received(bool isState, int secondsAfter, AlertStatus expected)
    {
        var delivery = isState ? Of(15, true, "critical") : Updated(15);

        Assert.Equal(expected, Then(AfterConflict(0), delivery with { ReceivedAt = At(1000 + secondsAfter) }).Alert.Life.Status);
    }

    [Fact]
    public void BigPandas_own_close_settles_when_it_was()
    {
        var closed = Then(AfterConflict(0), Closed(20)).Alert;

        Assert.Equal(AlertStatus.Firing, Then(closed, Updated(25) with { ReceivedAt = At(1001) }).Alert.Life.Status);
        Assert.Equal(AlertStatus.Resolved, Then(closed, Updated(15) with { ReceivedAt = At(1001) }).Alert.Life.Status);
    }

    private static Alert AfterConflict(int hours)
    {
        var firing = Apply(New(10)).Alert;
        var resolved = Then(firing, Resolve(firing, 12)).Alert;
        return Then(resolved, CloseOutcome(resolved, ActionResult.Closed) with { At = At(1000) + (Day * (hours / 24)) }).Alert;
    }

    private static IncidentReported Timeless(IncidentReported reported) => reported with
    {
        Incident = reported.Incident with
        {
            ChangedOn = null,
            UpdatedOn = null,
            Events = [.. reported.Incident.Events.Select(evt => evt with { Time = null })],
        },
    };

    private static Decision Then(Alert alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, At(700));
}
