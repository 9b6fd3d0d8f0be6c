using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules.History;

public class EpisodeTests
{
    [Fact]
    public void Each_episode_keeps_its_times_and_its_resolver()
    {
        var alert = Apply(New(10), Closed(20), Reopened(30)).Alert;
        alert = AlertLifecycle.Decide(alert, Resolve(alert, 45), At(45)).Alert;

        Assert.Equal(
            [new Episode(1, At(10), At(20), ResolvedVia.BigPanda), new Episode(2, At(30), At(45), ResolvedVia.Api, "ada")],
            alert.History.Episodes());
    }

    [Fact]
    public void A_late_event_of_an_old_episode_does_not_touch_the_new_one()
    {
        var alert = Apply(New(10), Closed(20), Reopened(30)).Alert;
        var decision = AlertLifecycle.Decide(alert, Updated(15, "warning"), At(50));

        Assert.Equal(alert.Life, decision.Alert.Life);
        Assert.Equal(alert.Content, decision.Alert.Content);
        Assert.Equal(Verdict.Stale, decision.Verdict);
    }

    [Fact]
    public void A_life_longer_than_the_history_keeps_its_count_and_its_latest_episodes()
    {
        List<AlertEvent> events = [New(10)];
        for (var i = 1; i <= 100; i++) events.AddRange([Closed(i * 100), Reopened((i * 100) + 50)]);

        var alert = Apply([.. events]).Alert;

        Assert.Equal((AlertStatus.Firing, 101, At(10)), (alert.Life.Status, alert.Life.Episode, alert.Life.FirstFiredAt));
        Assert.Equal(Episodes.MaxKept, alert.History.Episodes().Count);
        Assert.Equal(new Episode(101, At(10_050)), alert.History.Episodes()[^1]);
        Assert.InRange(alert.History.Marks.Count, 1, AlertHistory.MaxMarks);
    }

    [Fact]
    public void A_delivery_older_than_the_whole_history_changes_nothing()
    {
        List<AlertEvent> events = [New(1000)];
        for (var i = 1; i <= 100; i++) events.Add(Updated(1000 + i));
        var alert = Apply([.. events]).Alert;

        var decision = AlertLifecycle.Decide(alert, Closed(1), At(2000));

        Assert.Equal((Verdict.Stale, alert.Life), (decision.Verdict, decision.Alert.Life));
        Assert.Equal("older than the 64 latest facts", decision.Timeline[0].Reason);
    }
}
