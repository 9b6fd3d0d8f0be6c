using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

public sealed class PendingResolveTests
{
    private static readonly Gravity Warning = new("warning", []);
    private static readonly Gravity Critical = new("critical", []);

    private static readonly PendingResolve Closing = new() { Comment = "fixed", AskedAt = At(10), Seen = Seen(10), SeenGravity = Warning };

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(11, true)]
    public void A_second_resolver_counts_if_they_saw_at_least_as_much(long second, bool counts)
    {
        var seen = Closing.Accept(Request(Seen(second), Critical), Warning, Seen(second));

        Assert.Equal(counts ? (Seen(second), Critical) : (Seen(10), Warning), (seen.Seen, seen.SeenGravity));
    }

    [Fact]
    public void The_first_resolver_always_counts()
    {
        var seen = (Closing with { SeenGravity = null }).Accept(Request(Seen(5), Critical), Warning, Seen(5));

        Assert.Equal((Seen(5), Critical), (seen.Seen, seen.SeenGravity));
    }

    [Fact]
    public void A_request_without_a_gravity_gets_the_current_one() =>
        Assert.Equal(Critical, Closing.Accept(Request(Seen(20), null), Critical, Seen(20)).SeenGravity);

    [Fact]
    public void A_resolver_who_saw_it_worse_accepts_it_until_it_gets_worse_again()
    {
        var worse = Closing with { WorseSince = Seen(20) };

        Assert.Null(worse.Accept(Request(Seen(20), Critical), Critical, Seen(20)).WorseSince);
        Assert.Equal(Seen(30), worse.Accept(Request(Seen(20), Warning), Critical, Seen(30)).WorseSince);
    }

    [Theory]
    [InlineData(20L, null, true, 20L)]
    [InlineData(10L, null, true, null)]
    [InlineData(9L, null, true, null)]
    [InlineData(20L, null, false, null)]
    [InlineData(20L, 30L, true, 20L)]
    [InlineData(20L, 15L, true, 15L)]
    public void The_first_worse_delivery_after_what_was_seen_is_remembered(long shown, long? known, bool isWorse, long? since)
    {
        var resolve = Closing with { WorseSince = known is { } before ? Seen(before) : null };

        Assert.Equal(since is { } first ? Seen(first) : null, resolve.Notice(Seen(shown), isWorse ? Critical : Warning).WorseSince);
    }

    [Fact]
    public void Without_a_resolver_nothing_is_worse() => Assert.Null((Closing with { SeenGravity = null }).Notice(Seen(20), Critical).WorseSince);

    [Theory]
    [InlineData(SyncState.InSync, 99_999, 200, null)]
    [InlineData(SyncState.Failed, 20, 200, "the close failed (500)")]
    [InlineData(SyncState.Parked, 20, 200, "the close is parked (500)")]
    [InlineData(SyncState.Closing, 909, 200, null)]
    [InlineData(SyncState.Closing, 910, 200, "the close has been pending for 15 minutes")]
    [InlineData(SyncState.Closing, 1570, 200, "the close has been pending for 26 minutes")]
    [InlineData(SyncState.Closing, 20, 909, null)]
    [InlineData(SyncState.Closing, 20, 910, "the next attempt to close is at least 15 minutes after the resolve")]
    public void An_obstacle_says_why_the_close_cannot_be_relied_on(SyncState state, long now, long nextAttempt, string? obstacle) =>
        Assert.Equal(obstacle, Closing.FindObstacle(new DestinationSync { State = state, LastError = "500", NextAttemptAt = At(nextAttempt) }, At(now)));

    private static Stamp Seen(long second) => new(Moment.Of(At(second)));

    private static ResolveRequested Request(Stamp seen, Gravity? gravity) =>
        new(IncidentId, seen, ResolvedVia.Api, "ada", null, At(0), "resolve") { SeenGravity = gravity };
}
