using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using FsCheck.Xunit;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>Laws 1 and 3 of docs/laws.md: every order of arrival has the same result, and none causes a wrong action in BigPanda.</summary>
public sealed class LifecycleLawsTests
{
    /// <summary>The most facts that the history can still order.</summary>
    private const int MostDeliveries = 60;

    [Property(MaxTest = 3_000)]
    public void Every_order_of_arrival_ends_in_the_same_life_and_content(int seed, byte size)
    {
        var deliveries = Timed(seed, size);
        if (deliveries.Count == 0) return;

        var inOrder = deliveries.Aggregate<IncidentReported, Alert?>(null, Apply);
        var shuffled = Arrivals(deliveries, seed).Aggregate<IncidentReported, Alert?>(null, Apply);

        Assert.Equal((Life(inOrder), Body(inOrder)), (Life(shuffled), Body(shuffled)));
    }

    [Property(MaxTest = 3_000)]
    public void Only_what_is_equal_in_all_that_BigPanda_sent_is_ordered_by_receipt(int seed, byte size)
    {
        var deliveries = Timed(seed, size);
        if (deliveries.Count == 0) return;
        var received = Arrivals(deliveries, seed).Select((delivery, i) => delivery with { ReceivedAt = At(1000 + i) }).ToList();

        var inOrder = deliveries.Aggregate<IncidentReported, Alert?>(null, Apply);
        var shuffled = received.Aggregate<IncidentReported, Alert?>(null, Apply);

        Assert.Equal(Life(inOrder), Life(shuffled));
        var newest = received.Where(delivery => Sent(delivery) == Sent(deliveries.Single(one => Body(one) == Body(shuffled)))).ToList();
        var last = newest.MaxBy(delivery => received.Find(first => first.Fingerprint == delivery.Fingerprint)?.ReceivedAt);
        Assert.Equal(last is null ? null : Body(last), Body(shuffled));
        Assert.Contains(newest, delivery => Body(delivery) == Body(inOrder));
    }

    [Property(MaxTest = 2_000)]
    public void No_order_does_in_BigPanda_what_the_order_of_events_would_not_have_done(int seed, byte size)
    {
        var random = new Random(seed);
        List<AlertEvent> events = [];
        var inOrder = new Run(seed);
        var deliveries = Timed(seed, size);
        foreach (var (i, sent) in deliveries.Index())
        {
            // The severity stays the same: an alert that worsens after a resolve fires again when the close fails, which is random here.
            var delivery = sent with { Incident = sent.Incident with { Severity = "critical", Alerts = [] } };
            events.Add(delivery);
            inOrder.Take(delivery);
            // A resolver that saw only some of the events of one moment did not see its final state.
            if (i + 1 < deliveries.Count && IncidentMark.MomentOf(deliveries[i + 1].Incident) == IncidentMark.MomentOf(sent.Incident)) continue;
            // The API accepts a resolve of an alert that fires or whose close is in progress.
            while (random.Next(5) == 0 && inOrder.Alert is { } seen && (seen.IsFiring || seen.BigPanda.State != SyncState.InSync))
            {
                var who = events.Count % 2 == 0 ? "ada" : "grace";
                var request = Resolve(seen, events.Count, who, $"comment {events.Count}") with { MessageId = $"resolve-{events.Count}" };
                events.Add(request);
                inOrder.Take(request);
            }
        }

        if (inOrder.Alert is not { } ended || ended.History.BaseEnd is not null) return;
        var shuffled = new Run(seed);
        foreach (var evt in Arrivals(events, seed)) shuffled.Take(evt);

        Assert.Equal(Life(ended), Life(shuffled.Alert));
        Assert.Subset(Closed(inOrder), Closed(shuffled));
        foreach (var run in new[] { inOrder, shuffled })
        {
            Assert.Equal(run.Said.Count, run.Said.Distinct().Count());
            Assert.Equal(run.Ids.Count, run.Ids.Distinct().Count());
            var asked = events.OfType<ResolveRequested>().ToList();
            Assert.All(asked, request => Assert.Contains(run.Said, said => Quotes(said, request)));
            Assert.All(run.Said, said => Assert.Contains(asked, request => Quotes(said, request)));
        }

        HashSet<int> Closed(Run run) => [.. run.Closes.Select(resolvedAt => Episode(ended.History, resolvedAt))];

        static bool Quotes(string said, ResolveRequested request) => said.EndsWith($": {request.Comment}", StringComparison.Ordinal);
    }

    /// <summary>The episode that a resolve ended, in the final history.</summary>
    private static int Episode(AlertHistory history, DateTimeOffset resolvedAt)
    {
        var before = history.Marks.TakeWhile(mark => (mark.Kind, mark.At) != (MarkKind.ResolvedHere, resolvedAt));
        return new AlertHistory { Marks = [.. before] }.State().Episode;
    }

    private static List<IncidentReported> Timed(int seed, byte size)
    {
        var life = new LifePlayer(seed);
        return [.. Enumerable.Range(0, size % MostDeliveries).SelectMany(_ => life.Step(null, _ => { })).OfType<IncidentReported>()
            .DistinctBy(delivery => delivery.Fingerprint).Where(delivery => IncidentMark.MomentOf(delivery.Incident) is not null)
            .OrderBy(delivery => IncidentMark.Of(delivery, AlertHistory.Empty))];
    }

    private static IReadOnlyList<T> Arrivals<T>(IReadOnlyList<T> events, int seed)
    {
        var random = new Random(seed);
        T[] arrivals = [.. events, .. events.Where(_ => random.Next(3) == 0)];
        random.Shuffle(arrivals);
        return arrivals;
    }

    private static Stamp Sent(IncidentReported delivery) =>
        IncidentMark.Of(delivery, AlertHistory.Empty).Stamp with { ReceivedAt = default, Fingerprint = 0 };

    private static string Life(Alert? alert) => $"{alert?.Life}\n{string.Join('\n', alert?.History.Episodes() ?? [])}";

    private static string? Body(Alert? alert) => alert?.Content.Tags["body"].Text;

    private static string? Body(IncidentReported delivery) => delivery.Incident.Tags["body"].Text;

    private static Alert Apply(Alert? alert, AlertEvent evt) => AlertLifecycle.Decide(alert, evt, At(100_000)).Alert;

    /// <summary>Applies one order of arrival and reports the result of each close back: accepted or failed.</summary>
    private sealed class Run(int seed)
    {
        private readonly Queue<ResolveRequested> _waiting = [];
        private readonly Random _random = new(seed);

        public Alert? Alert { get; private set; }

        /// <summary>When the alert was resolved, for each close.</summary>
        public List<DateTimeOffset> Closes { get; } = [];

        /// <summary>The texts of people. A close that a late delivery makes necessary has none: it was sent as a comment.</summary>
        public List<string> Said { get; } = [];
        public List<string> Ids { get; } = [];

        /// <summary>A person resolves an alert that they have seen, so the fact they saw is already applied.</summary>
        public void Take(AlertEvent evt)
        {
            if (evt is ResolveRequested early && !HasSeen(early)) _waiting.Enqueue(early);
            else Decide(evt);
            while (_waiting.TryPeek(out var next) && HasSeen(next)) Decide(_waiting.Dequeue());
        }

        private bool HasSeen(ResolveRequested request) => Alert?.History.Marks.Any(mark => mark.Stamp.Moment == request.Seen.Moment) == true;

        private void Decide(AlertEvent evt)
        {
            var decision = AlertLifecycle.Decide(Alert, evt, At(100_000));
            Alert = decision.Alert;
            Assert.Equal(Alert.Life.AwaitsClose, Alert.BigPanda.State != SyncState.InSync);
            if (decision.Action is not { } action) return;
            if (evt is ResolveRequested) Said.Add(action.Comment);
            Ids.Add(action.ActionId);
            if (action is not CloseIncidentAction) return;
            Closes.Add((evt as ResolveRequested)?.RequestedAt ?? Alert.Life.ResolvedAt ?? default);
            Decide(CloseOutcome(Alert, _random.Next(3) == 0 ? ActionResult.Failed : ActionResult.Accepted));
        }
    }
}
