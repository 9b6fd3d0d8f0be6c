using BigPanda.Functions.Alerts.Rules.History;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.History;

public sealed class AlertHistoryTests
{
    [Fact]
    public void The_65th_fact_folds_the_oldest_16()
    {
        var full = History([.. Enumerable.Range(1, 64).Select(i => Fact(i))]);
        var folded = full.With(Fact(65));

        Assert.Equal((64, null), (full.Marks.Count, full.BaseEnd));
        Assert.Equal(Enumerable.Range(17, 49).Select(i => At(i)), folded.Marks.Select(mark => mark.At));
        Assert.Equal(Fact(16), folded.BaseEnd);
        Assert.Equal(new LifeState { Status = AlertStatus.Firing, Episode = 1, FirstFiredAt = At(1), LastFiredAt = At(1) }, folded.Base);
        Assert.Equal([new Episode(1, At(1))], folded.BaseEpisodes);
    }

    [Fact]
    public void A_moment_is_folded_as_a_whole()
    {
        var folded = History([.. Enumerable.Range(1, 65).Select(i => Fact(i is >= 15 and <= 18 ? 15 : i, fingerprint: (ulong)i))]);

        Assert.Equal((47, At(15)), (folded.Marks.Count, folded.BaseEnd?.At));
        Assert.Equal(At(19), folded.Marks[0].At);
    }

    [Fact]
    public void If_all_facts_share_one_moment_all_are_folded()
    {
        var folded = History([.. Enumerable.Range(1, 65).Select(i => Fact(5, fingerprint: (ulong)i))]);

        Assert.Empty(folded.Marks);
        Assert.Equal((65UL, AlertStatus.Firing), (folded.BaseEnd?.Stamp.Fingerprint, folded.State().Status));
    }

    [Fact]
    public void Folded_episodes_still_count()
    {
        var life = new[] { Fact(1), Fact(2, MarkKind.Closed), Fact(3, MarkKind.Reopen) };
        var folded = History([.. life, .. Enumerable.Range(4, 62).Select(i => Fact(i))]).With(Fact(70, MarkKind.Closed));

        Assert.Equal((2, At(1), At(3), At(70)), (folded.State().Episode, folded.State().FirstFiredAt, folded.State().LastFiredAt, folded.State().ResolvedAt));
        Assert.Equal([new Episode(1, At(1), At(2)), new Episode(2, At(3), At(70))], folded.Episodes());
    }

    [Fact]
    public void A_fact_that_is_not_newer_than_the_fold_is_too_old()
    {
        var folded = new AlertHistory { BaseEnd = Fact(16, fingerprint: 5) };

        Assert.True(folded.IsTooOld(Fact(15)));
        Assert.True(folded.IsTooOld(Fact(16, fingerprint: 5)));
        Assert.False(folded.IsTooOld(Fact(16, fingerprint: 6)));
        Assert.False(AlertHistory.Empty.IsTooOld(Fact(-1000)));
    }

    [Fact]
    public void The_newest_stamp_is_that_of_the_last_fact_or_of_the_fold()
    {
        Assert.Equal(default, AlertHistory.Empty.Newest);
        Assert.Equal(Fact(1).Stamp, new AlertHistory { BaseEnd = Fact(1) }.Newest);
        Assert.Equal(Fact(3).Stamp, new AlertHistory { BaseEnd = Fact(1) }.With(Fact(3)).With(Fact(2)).Newest);
    }

    [Fact]
    public void The_moment_seen_by_the_resolver_is_that_of_the_latest_resolve_or_of_the_fold()
    {
        var resolved = new AlertHistory { BaseEnd = Fact(1) };

        Assert.Equal(default, AlertHistory.Empty.SeenByResolver);
        Assert.Equal(Moment.Of(At(1)), resolved.SeenByResolver);
        Assert.Equal(Moment.Of(At(2)), resolved.With(Fact(2, MarkKind.ResolvedHere)).With(Fact(9)).SeenByResolver);
        Assert.Equal(Moment.Of(At(3)), resolved.With(Fact(3, MarkKind.ResolvedHere)).With(Fact(2, MarkKind.ResolvedHere)).SeenByResolver);
    }

    [Fact]
    public void Every_fact_in_the_history_is_recognised()
    {
        var history = History(Fact(1), Fact(2), Fact(3));

        Assert.All(new[] { 1, 2, 3 }, i => Assert.True(history.Contains(Fact(i))));
        Assert.False(history.Contains(Fact(4)));
    }

    [Fact]
    public void An_open_incident_closes_before_it_reopens_in_the_same_moment()
    {
        var life = History(Fact(10), Fact(20, MarkKind.Reopen, fingerprint: 1), Fact(20, MarkKind.Closed, fingerprint: 2)).State();

        Assert.Equal((AlertStatus.Firing, 2, At(20)), (life.Status, life.Episode, life.LastFiredAt));
    }

    [Fact]
    public void However_many_closes_and_reopens_share_the_moment_an_open_incident_reopens_last()
    {
        var closes = new[] { Fact(20, MarkKind.Closed, 1), Fact(20, MarkKind.Closed, 2) };
        var reopens = new[] { Fact(20, MarkKind.Reopen, 3), Fact(20, MarkKind.Reopen, 4) };

        Assert.Equal((AlertStatus.Firing, 2), History([Fact(10), .. closes, .. reopens]).State() is var both ? (both.Status, both.Episode) : default);
        Assert.Equal((AlertStatus.Resolved, 1), History([Fact(10), .. closes]).State() is var closed ? (closed.Status, closed.Episode) : default);
        Assert.Equal((AlertStatus.Firing, 1), History([Fact(10), .. reopens]).State() is var open ? (open.Status, open.Episode) : default);
    }

    [Fact]
    public void Stored_marks_are_put_in_order()
    {
        Assert.Equal([At(1), At(2)], new AlertHistory { Marks = [Fact(2), Fact(1)] }.Marks.Select(mark => mark.At));
        Assert.Equal([At(1), At(2), At(3)], new AlertHistory { Marks = [Fact(1), Fact(3), Fact(2)] }.Marks.Select(mark => mark.At));
    }

    [Fact]
    public void The_latest_50_episodes_are_kept()
    {
        List<Episode> episodes = [];
        for (var i = 1; i <= 51; i++) Episodes.Follow(episodes, new LifeState { Status = AlertStatus.Firing, Episode = i, LastFiredAt = At(i) });

        Assert.Equal((50, 2, 51), (episodes.Count, episodes[0].Number, episodes[^1].Number));
    }

    [Fact]
    public void Episodes_follow_the_states_and_there_is_none_before_the_first_fact()
    {
        List<Episode> episodes = [];
        Episodes.Follow(episodes, default);
        Assert.Empty(episodes);

        var firing = new LifeState { Status = AlertStatus.Firing, Episode = 1, LastFiredAt = At(1) };
        Episodes.Follow(episodes, firing);
        Episodes.Follow(episodes, firing with { ResolvedAt = At(2), ResolvedVia = "api", ResolvedBy = "ada" });
        Episodes.Follow(episodes, firing with { Episode = 2, LastFiredAt = At(3) });

        Assert.Equal([new Episode(1, At(1), At(2), "api", "ada"), new Episode(2, At(3))], episodes);
    }

    private static AlertHistory History(params Mark[] marks) => marks.Aggregate(AlertHistory.Empty, (history, mark) => history.With(mark));

    private static Mark Fact(long second, MarkKind kind = MarkKind.Active, ulong fingerprint = 0) => new(
        new Stamp(Moment.Of(At(second)))
        {
            Kind = kind switch { MarkKind.Closed => DeliveryKind.Closed, MarkKind.Reopen => DeliveryKind.Reopen, _ => DeliveryKind.Update },
            Fingerprint = fingerprint,
        },
        kind, At(second));
}
