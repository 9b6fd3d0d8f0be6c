using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using FsCheck.Xunit;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>Random lives, compared after every event with <see cref="LifeOracle"/> and with themselves under other clocks.</summary>
public sealed class OracleTests
{
    /// <summary>Earlier episodes are compared when they are the latest ones.</summary>
    private const int Shown = 6;

    [Property(MaxTest = 200)]
    public void The_rules_agree_with_the_model_of_the_laws(int seed, byte size)
    {
        var life = new LifePlayer(seed);
        var oracle = new LifeOracle();
        HashSet<string> closes = [];
        Alert? alert = null;
        for (var step = 0; step < Math.Min(size + 1, 200); step++)
        {
            foreach (var evt in life.Step(alert, oracle.Asked))
            {
                if (alert is null && evt is not IncidentReported) continue;
                var decision = AlertLifecycle.Decide(alert, evt, life.Now);
                var expected = oracle.Take(evt, life.Now, decision.Action?.ActionId);
                life.Schedule(alert, decision.Alert);
                alert = decision.Alert;
                Assert.Equal(Model(oracle, expected), Real(decision));
                if (decision.Action is not CloseIncidentAction close) continue;
                Assert.True(closes.Add(close.ActionId), $"close {close.ActionId} is sent twice");
                life.Act(close);
            }

            Assert.False(alert?.CloseOverdueAt <= life.Now, "A close is overdue, the incident has become worse, and nothing asks about it.");
        }
    }

    [Property(MaxTest = 100)]
    public void However_far_the_clocks_are_apart_a_life_is_the_same(int seed, byte size)
    {
        var together = Story(seed, size, TimeSpan.Zero);

        foreach (var skew in new[] { TimeSpan.FromHours(24), TimeSpan.FromHours(-24), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(-20) })
            Assert.Equal(together, Story(seed, size, skew));
    }

    [Property(MaxTest = 200)]
    public void Delivering_everything_once_more_changes_nothing_and_does_nothing(int seed)
    {
        var life = new LifePlayer(seed);
        List<AlertEvent> events = [];
        Alert? alert = null;
        for (var step = 0; step < 30; step++)
        {
            foreach (var evt in life.Step(alert, _ => { }))
            {
                if (alert is null && evt is not IncidentReported) continue;
                var decision = AlertLifecycle.Decide(alert, evt, life.Now);
                life.Schedule(alert, decision.Alert);
                alert = decision.Alert;
                events.Add(evt);
                if (decision.Action is CloseIncidentAction close) life.Act(close);
            }
        }

        foreach (var evt in events)
        {
            var again = AlertLifecycle.Decide(alert, evt, life.Now);
            Assert.Null(again.Action);
            Assert.Equal((alert?.Life, alert?.Content), (again.Alert.Life, again.Alert.Content));
            Assert.Equal((alert?.BigPanda.State, alert?.BigPanda.ActionId), (again.Alert.BigPanda.State, again.Alert.BigPanda.ActionId));
            alert = again.Alert;
        }
    }

    private static List<string> Story(int seed, byte size, TimeSpan skew)
    {
        var player = new LifePlayer(seed, skew);
        List<string> story = [];
        Alert? alert = null;
        for (var step = 0; step < Math.Min(size + 1, 120); step++)
        {
            foreach (var evt in player.Step(alert, _ => { }))
            {
                if (alert is null && evt is not IncidentReported) continue;
                var decision = AlertLifecycle.Decide(alert, evt, player.Now);
                player.Schedule(alert, decision.Alert);
                alert = decision.Alert;
                var (life, sync) = (alert.Life, alert.BigPanda);
                story.Add($"{evt.GetType().Name}: {decision.Verdict}, {life.Status} {life.Episode}, {sync.State}, {Body(alert)}, {decision.Action?.ActionId}");
                if (decision.Action is CloseIncidentAction close) player.Act(close);
            }
        }

        return story;
    }

    private static string Body(Alert alert) => alert.Content.Tags["body"].Text;

    private static string Model(LifeOracle oracle, string? action) => Words(
        oracle.State, oracle.AwaitsClose, oracle.Body, action,
        oracle.Episodes.TakeLast(Shown)
            .Select(episode => $"{episode.Number} {episode.FiredAt:HH:mm:ss.fff}-{episode.ResolvedAt:HH:mm:ss.fff} {episode.ResolvedBy}"));

    private static string Real(Decision decision)
    {
        var alert = decision.Alert;
        var action = decision.Action switch { CloseIncidentAction => "close", AddCommentAction => "comment", _ => null };
        Assert.Equal(alert.IsFiring, alert.History.Episodes()[^1].ResolvedAt is null);
        return Words(
            alert.BigPanda.State == SyncState.InSync ? "inSync" : alert.BigPanda.State.ToString().ToLowerInvariant(),
            alert.Life.AwaitsClose, Body(alert), action,
            alert.History.Episodes().TakeLast(Shown).Select(one => $"{one.Number} {one.FiredAt:HH:mm:ss.fff}-{one.ResolvedAt:HH:mm:ss.fff} {one.ResolvedBy}"));
    }

    private static string Words(string state, bool awaits, string? body, string? action, IEnumerable<string> episodes) =>
        $"{state}, {(awaits ? "awaits the close, " : "")}body {body}, {action ?? "nothing"} to do\n{string.Join('\n', episodes)}";
}
