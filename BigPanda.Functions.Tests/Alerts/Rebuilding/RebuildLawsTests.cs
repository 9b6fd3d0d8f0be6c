using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Tests.Alerts.Rules;
using BigPanda.Functions.Tests.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using FsCheck.Xunit;

namespace BigPanda.Functions.Tests.Alerts.Rebuilding;

/// <summary>An alert is what its history folds to, for random lives, wherever the history begins.</summary>
public sealed class RebuildLawsTests
{
    private static readonly BigPandaPlanner BigPanda = new();

    [Property(MaxTest = 80)]
    public void Any_life_folds_to_its_alert(int seed, byte length)
    {
        var (alert, taken) = Live(seed, length % 60);
        if (alert is null) return;

        AssertSame(alert, Steps(taken), from: 0, deliveries: taken.Count);
    }

    [Property(MaxTest = 80)]
    public void It_does_so_from_any_snapshot(int seed, byte length, byte cut)
    {
        var (alert, taken) = Live(seed, length % 60);
        if (alert is null) return;
        var row = 1 + (cut % taken.Count);

        AssertSame(alert, Expired(Steps(taken), row), from: row, deliveries: taken.Count - row);
    }

    [Property(MaxTest = 25)]
    public void Its_pages_too_also_when_the_policy_has_changed_since(int seed, byte cut)
    {
        var world = new PagerWorld(seed, new PagingPolicy { DefaultKeyId = PagedAlert.DefaultKey, FireDelaySeconds = 20 });
        for (var i = 0; i < 40; i++)
        {
            if (i == 20) world.Alert.Policy = world.Alert.Policy with { ResolveDelaySeconds = 60, UpdateIntervalSeconds = 5 };
            world.Step();
        }

        world.Settle();
        if (world.Alert.Known is not { } alert) return;
        var row = cut % world.Alert.Taken.Count;
        var taken = world.Alert.Taken.Select(one => one with { Planners = [.. one.Planners.Select(Restore)] }).ToList();

        AssertSame(alert, row == 0 ? Steps(taken) : Expired(Steps(taken), row), from: row, deliveries: taken.Count - row);
    }

    [Property(MaxTest = 40)]
    public void A_delivery_that_is_missing_is_seen_unless_a_snapshot_follows_it(int seed, byte length, byte gap)
    {
        var (alert, taken) = Live(seed, length % 40);
        if (alert is null) return;
        var lost = 1 + (gap % taken.Count);
        var steps = Steps(taken).Select(step => step.Number == lost ? step with { Event = null, Gap = "it was lost" } : step).ToList();

        var report = Fold(alert, steps);

        Assert.Equal(RebuildOutcome.Unknown, report.Outcome);
        Assert.Contains($"row {lost} of the timeline: it was lost", report.Summary, StringComparison.Ordinal);
        if (lost == taken.Count) return;
        var snapshot = Alerts(taken)[lost];
        var repaired = steps.Select(step => step.Number == lost + 1 ? step with { Snapshot = snapshot } : step);
        AssertSame(alert, repaired, from: lost + 1, deliveries: taken.Count - lost - 1);
    }

    private static void AssertSame(Alert alert, IEnumerable<RebuildStep> steps, int from, int deliveries)
    {
        var report = Fold(alert, steps);
        Assert.Empty(report.Differences);
        Assert.Equal((RebuildOutcome.Same, (int?)from, deliveries), (report.Outcome, report.From?.Row, report.Deliveries));
    }

    private static RebuildReport Fold(Alert alert, IEnumerable<RebuildStep> steps)
    {
        var rebuild = new Rebuild();
        foreach (var step in steps) rebuild.Add(step);
        return rebuild.Compare(AlertRows.Roundtrip(alert), default);
    }

    /// <summary>The deliveries up to the row are replaced by the alert after it.</summary>
    private static IEnumerable<RebuildStep> Expired(IReadOnlyList<RebuildStep> steps, int row)
    {
        var fold = new Rebuild();
        foreach (var step in steps.Take(row)) fold.Add(step);
        return steps.Select(step => step.Number > row ? step
            : step with { Event = null, Gap = "older than deliveries are kept", Snapshot = step.Number == row ? fold.Alert : null });
    }

    private static IReadOnlyList<RebuildStep> Steps(IEnumerable<DecidedEvent> taken) =>
        [.. taken.Select((one, i) => new RebuildStep(i + 1, one.DecidedAt) { Event = one })];

    private static List<Alert> Alerts(IEnumerable<DecidedEvent> taken)
    {
        List<Alert> alerts = [];
        Alert? alert = null;
        foreach (var one in taken)
        {
            alert = AlertRows.Roundtrip(PlannedDecision.Of(alert, one.Event, one.Planners, one.Policy, one.DecidedAt).Decision.Alert);
            alerts.Add(alert);
        }

        return alerts;
    }

    private static IDestinationPlanner Restore(IDestinationPlanner planner)
    {
        if (planner is not PagerDutyPlanner) return planner;
        var (policy, headers) = PagerDutyPlannerSettings.Read(planner.Settings);
        return new PagerDutyPlanner(policy, headers);
    }

    private static (Alert? Alert, IReadOnlyList<DecidedEvent> Taken) Live(int seed, int steps)
    {
        var (player, policy) = (new LifePlayer(seed), new AlertPolicy());
        Alert? alert = null;
        List<DecidedEvent> taken = [];
        for (var i = 0; i < steps; i++)
        {
            foreach (var evt in player.Step(alert, _ => { }))
            {
                if (alert is null && evt is not IncidentReported) continue;
                var before = alert;
                var planned = PlannedDecision.Of(alert, evt, [BigPanda], policy, player.Now);
                alert = AlertRows.Roundtrip(planned.Decision.Alert);
                taken.Add(new DecidedEvent(evt, [BigPanda], policy, player.Now, KeptDelivery.CurrentBuild, []));
                player.Schedule(before, alert);
                foreach (var close in planned.Actions.Select(BigPandaAction.Read).OfType<CloseIncidentAction>()) player.Act(close);
            }
        }

        return (alert, taken);
    }
}
