using BigPanda.Functions.Alerts.Rules.History;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.History;

/// <summary>"What each fact does" of docs/laws.md, fact by fact.</summary>
public sealed class LifeStateTests
{
    private static readonly LifeState Firing = new() { Status = AlertStatus.Firing, Episode = 1, FirstFiredAt = At(10), LastFiredAt = At(10) };
    private static readonly LifeState Again = Firing with { Episode = 2, LastFiredAt = At(50) };
    private static readonly LifeState ResolvedHere =
        Firing with { Status = AlertStatus.Resolved, AwaitsClose = true, ResolvedAt = At(20), ResolvedVia = ResolvedVia.Api, ResolvedBy = "ada" };
    private static readonly LifeState Closed = ResolvedHere with { AwaitsClose = false };
    private static readonly LifeState Confirmed = Closed with { ConfirmedAt = At(30) };

    [Fact]
    public void The_first_fact_fires_episode_1_and_a_close_resolves_it_at_once()
    {
        var first = Firing with { FirstFiredAt = At(50), LastFiredAt = At(50) };

        Assert.Equal(first, default(LifeState).Apply(Fact(MarkKind.Active)));
        Assert.Equal(first, default(LifeState).Apply(Fact(MarkKind.Reopen)));
        Assert.Equal(first with { Status = AlertStatus.Resolved, ResolvedAt = At(50), ResolvedVia = "via", ResolvedBy = "grace" },
            default(LifeState).Apply(Fact(MarkKind.Closed)));
    }

    [Theory]
    [InlineData(MarkKind.Active)]
    [InlineData(MarkKind.Reopen)]
    [InlineData(MarkKind.CloseConfirmed)]
    [InlineData(MarkKind.Worsened)]
    public void These_facts_change_nothing_on_a_firing_alert(MarkKind kind) => Assert.Equal(Firing, Firing.Apply(Fact(kind)));

    [Fact]
    public void A_close_resolves_a_firing_alert() =>
        Assert.Equal(Firing with { Status = AlertStatus.Resolved, ResolvedAt = At(50), ResolvedVia = "via", ResolvedBy = "grace" },
            Firing.Apply(Fact(MarkKind.Closed)));

    [Fact]
    public void A_resolve_here_resolves_a_firing_alert_and_awaits_the_close() => Assert.Equal(
        Firing with { Status = AlertStatus.Resolved, AwaitsClose = true, ResolvedAt = At(50), ResolvedVia = "via", ResolvedBy = "grace" },
        Firing.Apply(Fact(MarkKind.ResolvedHere)));

    [Theory]
    [InlineData(MarkKind.Active)]
    [InlineData(MarkKind.ResolvedHere)]
    public void These_facts_change_nothing_on_an_alert_resolved_here(MarkKind kind) => Assert.Equal(ResolvedHere, ResolvedHere.Apply(Fact(kind)));

    [Theory]
    [InlineData(MarkKind.Reopen)]
    [InlineData(MarkKind.Worsened)]
    public void These_facts_fire_the_next_episode_of_an_alert_resolved_here(MarkKind kind) => Assert.Equal(Again, ResolvedHere.Apply(Fact(kind)));

    [Fact]
    public void A_close_settles_an_alert_resolved_here() => Assert.Equal(Closed, ResolvedHere.Apply(Fact(MarkKind.Closed)));

    [Fact]
    public void A_confirmation_settles_it_and_keeps_its_own_time() =>
        Assert.Equal(Closed with { ConfirmedAt = At(50) }, ResolvedHere.Apply(Fact(MarkKind.CloseConfirmed)));

    [Theory]
    [InlineData(MarkKind.Closed)]
    [InlineData(MarkKind.ResolvedHere)]
    [InlineData(MarkKind.CloseConfirmed)]
    [InlineData(MarkKind.Worsened)]
    public void These_facts_change_nothing_on_an_alert_closed_in_BigPanda(MarkKind kind) => Assert.Equal(Closed, Closed.Apply(Fact(kind)));

    [Theory]
    [InlineData(MarkKind.Active)]
    [InlineData(MarkKind.Reopen)]
    public void These_facts_fire_the_next_episode_of_an_alert_closed_in_BigPanda(MarkKind kind) => Assert.Equal(Again, Closed.Apply(Fact(kind)));

    [Fact]
    public void The_closing_webhook_replaces_a_confirmation() => Assert.Equal(Closed, Confirmed.Apply(Fact(MarkKind.Closed)));

    [Theory]
    [InlineData(DeliveryKind.Update, 630, false)]
    [InlineData(DeliveryKind.Update, 631, true)]
    [InlineData(DeliveryKind.New, 630, false)]
    [InlineData(DeliveryKind.State, 30, false)]
    [InlineData(DeliveryKind.State, 31, true)]
    public void A_delivery_that_may_be_older_than_the_confirmed_close_does_not_fire(DeliveryKind kind, long receivedAt, bool fires)
    {
        var delivery = new Mark(new Stamp(Moment.Of(At(50))) { Kind = kind, ReceivedAt = At(receivedAt) }, MarkKind.Active, At(50));

        Assert.Equal(fires ? Again : Confirmed, Confirmed.Apply(delivery));
    }

    [Fact]
    public void An_alert_is_closed_in_BigPanda_when_it_is_resolved_and_awaits_no_close() => Assert.Equal(
        (false, false, false, true),
        (default(LifeState).IsClosedInBigPanda, Firing.IsClosedInBigPanda, ResolvedHere.IsClosedInBigPanda, Closed.IsClosedInBigPanda));

    [Fact]
    public void A_mark_of_a_newer_version_is_rejected()
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => Firing.Apply(Fact((MarkKind)99)));

        Assert.StartsWith("Unknown mark: a newer version stored it. Deploy that version.", thrown.Message, StringComparison.Ordinal);
    }

    private static Mark Fact(MarkKind kind) => new(new Stamp(Moment.Of(At(50))) { ReceivedAt = At(50) }, kind, At(50), "grace", "via");
}
