using BigPanda.Functions.Alerts;
using BigPanda.Functions.Incidents;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts;

/// <summary>
/// The laws of an alert's life, for random lifecycles: whatever the order in which the same events arrive, and however often each
/// is delivered, the alert ends in the same state and nothing is done in BigPanda that the in-order run would not do.
/// </summary>
public class LifecycleLawsTests
{
    [Property(MaxTest = 10_000)]
    public Property Every_arrival_order_ends_in_the_same_state() => Prop.ForAll(Arb.From(LifecycleGen()), (Lifecycle life) =>
    {
        var inOrder = Run(life.Events);
        var shuffled = Run(life.Arrivals());
        return (End(inOrder.Alert) == End(shuffled.Alert))
            .Label($"in order {End(inOrder.Alert)}, as arrived {End(shuffled.Alert)}")
            .And(shuffled.Closes.IsSubsetOf(inOrder.Closes).Label($"closes {string.Join(',', shuffled.Closes)} of {string.Join(',', inOrder.Closes)}"));
    });

    [Property(MaxTest = 2_000)]
    public Property Delivering_everything_once_more_changes_nothing() => Prop.ForAll(Arb.From(LifecycleGen()), (Lifecycle life) =>
    {
        var once = Run(life.Events);
        var twice = Run([.. life.Events, .. life.Arrivals()]);
        return End(once.Alert) == End(twice.Alert) && twice.Closes.SetEquals(once.Closes);
    });

    private static string End(Alert alert) =>
        $"{alert.Life.Status} episode {alert.Life.Episode}, {alert.Content.Severity} of {string.Join(' ', alert.Content.Tags.Select(tag => tag.Value.Text))}, fired {alert.Life.FirstFiredAt}/{alert.Life.LastFiredAt}, "
        + $"resolved {alert.Life.ResolvedAt} {alert.Life.ResolvedVia}, awaits {alert.Life.AwaitsClose}, {(alert.Life.AwaitsClose ? SyncState.Closing : SyncState.InSync)} = {alert.Sync.State}";

    private static (Alert Alert, HashSet<string> Closes) Run(IEnumerable<AlertEvent> events)
    {
        Alert? alert = null;
        HashSet<string> closes = [];
        Queue<AlertEvent> waiting = [];
        foreach (var evt in events)
        {
            // What somebody resolves is an alert they have seen: the fact they saw has been applied.
            if (evt is ResolveRequested early && !HasSeen(alert, early)) waiting.Enqueue(evt);
            else Apply(evt);
            while (waiting.TryPeek(out var next) && next is ResolveRequested ready && HasSeen(alert, ready)) Apply(waiting.Dequeue());
        }

        return (alert ?? throw new InvalidOperationException("A lifecycle has at least one delivery."), closes);

        void Apply(AlertEvent evt)
        {
            var decision = AlertLifecycle.Decide(alert, evt, At(100_000));
            alert = decision.Alert;
            if (decision.Action is { } action) closes.Add(action.IncidentId);
        }

        static bool HasSeen(Alert? alert, ResolveRequested request) => alert?.History.Marks.Any(mark => mark.Stamp == request.Seen) == true;
    }

    /// <summary>BigPanda's deliveries in its order, a resolve on our side somewhere between them, and the order in which they arrive.</summary>
    private sealed record Lifecycle(IReadOnlyList<AlertEvent> Events, int Seed)
    {
        public IEnumerable<AlertEvent> Arrivals()
        {
            var random = new Random(Seed);
            AlertEvent[] arrivals = [.. Events, .. Events.Where(_ => random.Next(3) == 0)];
            random.Shuffle(arrivals);
            return arrivals;
        }

        public override string ToString() => string.Join("; ", Events.Select(evt => evt switch
        {
            IncidentReported reported => $"{string.Join('+', reported.Incident.Events.Select(e => $"{e.Name}@{e.Time - At(0)}"))} changed {reported.Incident.ChangedOn - At(0)} active {reported.Incident.Active} {reported.Incident.Severity}",
            ResolveRequested resolve => $"resolve having seen {resolve.Seen.ChangedAt - At(0)}",
            _ => evt.ToString(),
        }));
    }

    private static Gen<Lifecycle> LifecycleGen() =>
        from steps in Gen.NonEmptyListOf(Gen.Choose(0, 5))
        from pauses in Gen.ListOf(Gen.Choose(0, 2), steps.Count)
        from severities in Gen.ListOf(Gen.Elements("critical", "warning", "unknown"), steps.Count)
        from resolveAfter in Gen.Choose(0, 20)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select new Lifecycle(Play(steps, [.. pauses], [.. severities], resolveAfter), seed);

    /// <summary>Plays steps as BigPanda would: it closes what is open and reopens what is closed; times stand still or move on.</summary>
    private static List<AlertEvent> Play(IReadOnlyList<int> steps, int[] pauses, string[] severities, int resolveAfter)
    {
        List<AlertEvent> events = [];
        long now = 10;
        var open = true;
        Alert? alert = null;
        for (var i = 0; i < steps.Count && i < 30; i++)
        {
            now += pauses[i];
            string[] names = (i, steps[i], open) switch
            {
                (0, _, _) => [IncidentEvents.New],
                (_, 0 or 1, true) => [IncidentEvents.Closed],
                (_, 0 or 1, false) => [IncidentEvents.Reopen],
                (_, 2, _) => ["incident-tag#upserted", "incident#commented"],
                (_, 3, true) when i % 2 == 0 => [IncidentEvents.Closed, IncidentEvents.Reopen],
                _ => [IncidentEvents.Updated],
            };
            open = names.Contains(IncidentEvents.Reopen) || (open && !names.Contains(IncidentEvents.Closed));
            var reported = With(now, open, severities[i], [.. names.Select(name => new IncidentEvent(name, At(now)))]);
            events.Add(reported);
            alert = AlertLifecycle.Decide(alert, reported, At(now)).Alert;
            // The API takes a resolve only of an alert that fires.
            if (i == resolveAfter && alert.IsFiring) events.Add(Resolve(alert, now));
        }

        return events;
    }
}
