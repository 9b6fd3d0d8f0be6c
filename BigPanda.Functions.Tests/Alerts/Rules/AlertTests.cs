using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

public sealed class AlertTests
{
    private static readonly Stamp Fact = new(Moment.Of(At(10)));

    [Fact]
    public void The_seen_stamp_is_the_newer_of_content_and_history()
    {
        var alert = new Alert { IncidentId = IncidentId, History = AlertHistory.Empty.With(new Mark(Fact, MarkKind.ResolvedHere, At(12))) };

        Assert.Equal(Fact, (alert with { ContentStamp = new Stamp(Moment.Of(At(9))) }).Seen);
        Assert.Equal(Fact with { Events = 1 }, (alert with { ContentStamp = Fact with { Events = 1 } }).Seen);
    }

    [Fact]
    public void The_stamp_seen_by_the_resolver_is_given_while_the_close_is_awaited()
    {
        var resolved = new Alert
        {
            IncidentId = IncidentId,
            History = AlertHistory.Empty.With(new Mark(Fact with { Fingerprint = 5 }, MarkKind.ResolvedHere, At(12))),
            Life = new LifeState { Status = AlertStatus.Resolved, AwaitsClose = true },
        };

        Assert.Equal(Fact, resolved.SeenByResolver);
        Assert.Null((resolved with { Life = resolved.Life with { AwaitsClose = false } }).SeenByResolver);
    }

    [Theory]
    [InlineData(SyncState.Closing, true, null)]
    [InlineData(SyncState.Parked, true, null)]
    [InlineData(SyncState.Failed, true, null)]
    [InlineData(SyncState.InSync, true, "the incident is already closed in BigPanda")]
    [InlineData(SyncState.Closing, false, "the incident is already closed in BigPanda")]
    public void A_close_is_wanted_while_it_is_awaited_and_not_in_sync(SyncState state, bool isAwaited, string? objection)
    {
        var alert = new Alert
        {
            IncidentId = IncidentId,
            Life = new LifeState { Status = AlertStatus.Resolved, AwaitsClose = isAwaited },
            BigPanda = new DestinationSync { State = state, ActionId = "1" },
        };

        Assert.Equal(objection, alert.FindCloseObjection("1"));
    }

    /// <summary>A delivery whose lock was lost while it waited for its turn learns only here that a person has dropped the close since.</summary>
    [Fact]
    public void A_dropped_close_is_not_wanted_and_the_next_one_is()
    {
        var firing = Apply(New(10)).Alert;
        var closing = AlertLifecycle.Decide(firing, Resolve(firing, 12), At(600)).Alert;
        var dropped = AlertLifecycle.Decide(closing, CloseOutcome(closing, ActionResult.Failed) with { IsDropped = true }, At(700)).Alert;
        var again = AlertLifecycle.Decide(dropped, Resolve(dropped, 14), At(800)).Alert;

        Assert.Equal("it was dropped while the brake held it", AlertRows.Roundtrip(dropped).FindCloseObjection("1"));
        Assert.Null(again.FindCloseObjection(again.BigPanda.ActionId ?? ""));
        Assert.Null(AlertLifecycle.Decide(closing, CloseOutcome(closing, ActionResult.Failed), At(700)).Alert.FindCloseObjection("1"));
    }
}
