using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>
/// A simple, slow model of an alert's lifecycle, written from docs/laws.md and not from the rules: it keeps every fact and replays all of them
/// each time.
/// </summary>
internal sealed class LifeOracle
{
    private static readonly string[] OrderInAMoment = ["worsened", "new", "reopen", "update", "closed", "state"];
    private static readonly string[] ReopenLast = ["worsened", "new", "update", "closed", "state", "reopen"];
    private static readonly string[] Severities = ["ok", "acknowledged", "unknown", "warning", "critical", "disaster"];

    private readonly List<Fact> _facts = [];
    private readonly HashSet<string> _requests = [];
    private readonly Dictionary<string, Sight> _sights = [];
    private Close? _close;

    public sealed record ModelEpisode(int Number, DateTimeOffset FiredAt, DateTimeOffset? ResolvedAt, string? ResolvedBy);

    public List<ModelEpisode> Episodes { get; private set; } = [];
    public bool AwaitsClose { get; private set; }
    public string State => _close?.State ?? "inSync";
    public int? Attempts => _close?.Attempts;
    public string? Body => Content?.Delivery?.Incident.Tags["body"].Text;

    private Fact? Content => _facts.Where(fact => fact.Delivery is not null)
        .Aggregate((Fact?)null, (newest, fact) => newest is null || Fact.InOrder(newest, fact) < 0 ? fact : newest);

    private bool Fires => Episodes is [.., { ResolvedAt: null }];

    /// <summary>Records what a person saw when they decided to resolve.</summary>
    public void Asked(ResolveRequested request) => _sights[request.MessageId] = new Sight(Content, request.Seen.Moment, AwaitsClose ? ResolversPlace() : null);

    /// <summary>Applies an event and returns the action for BigPanda: <c>close</c>, <c>comment</c> or null.</summary>
    public string? Take(AlertEvent evt, DateTimeOffset now, string? closeId)
    {
        var action = evt switch
        {
            IncidentReported delivery => Delivered(delivery),
            ResolveRequested request => Resolved(request, now, closeId),
            ActionReported report => Reported(report),
            IncidentObserved observed => Observed(observed, now, closeId),
            CloseOverdue => null,
            _ => throw new NotSupportedException(),
        };
        FireWhatGotWorse(evt is CloseOverdue overdue && overdue.DueAt > now ? overdue.DueAt : now);
        if (!AwaitsClose || _close is not null || action is not null) return action;
        _close = new Close { Id = closeId ?? "", State = "closing", AskedAt = now, Sight = LatestSight() };
        return "close";
    }

    /// <summary>The resolve was applied when the incident was closed: the place is known, what they saw then is not, and the severity is today's.</summary>
    private Sight LatestSight()
    {
        var place = ResolversPlace();
        return new Sight(Content, new Moment(place.Changed, place.Happened, place.Behind), null) { Known = [.. _facts.Where(fact => fact != Content)] };
    }

    private string? Delivered(IncidentReported delivery)
    {
        if (_facts.Any(fact => fact.Delivery?.Fingerprint == delivery.Fingerprint)) return null;
        var incident = delivery.Incident;
        var changed = Latest(incident.ChangedOn, incident.UpdatedOn);
        var happened = Latest([.. incident.Events.Select(evt => evt.Time)]);
        var place = (changed ?? happened) is { } time ? new Place(time, happened ?? time, 0) : BehindNewest();
        var (kind, decided) = KindOf(incident);
        Add(new Fact(place, kind, decided ?? happened ?? changed ?? delivery.ReceivedAt, delivery.ReceivedAt) { Delivery = delivery });
        return null;
    }

    private string? Resolved(ResolveRequested request, DateTimeOffset now, string? closeId)
    {
        if (!_requests.Add(request.MessageId)) return null;
        var wasClosing = _close is { State: "closing" or "parked" };
        var sight = _sights[request.MessageId] with { Known = [.. _facts.Where(fact => fact != Content)] };
        Add(new Fact(sight.ResolvedAt ?? sight.Place, "resolve", request.RequestedAt, now) { Actor = request.Actor });
        var comment = request.Comment is null ? null : "comment";
        if (Fires || !AwaitsClose) return comment;
        if (wasClosing && _close is not null)
        {
            if (_close.Sight.Place.CompareTo(sight.Place) < 0 || (sight.Content is { } known && Newer(known, _close.Sight.Content))) _close.Sight = sight;
            return comment;
        }

        _close = new Close { Id = closeId ?? "", State = "closing", AskedAt = now, Sight = sight };
        return "close";
    }

    private string? Reported(ActionReported report)
    {
        if (_close is not { } close || close.Id != report.ActionId) return null;
        var isOvertaken = report.Attempt < close.Reported.Attempt || (report.Attempt == close.Reported.Attempt && report.At <= close.Reported.At);
        if (isOvertaken && report.Result != ActionResult.Closed) return null;
        close.Reported = (report.Attempt, report.At);
        close.Attempts = Math.Max(close.Attempts, report.Attempt);
        close.State = report.Result switch { ActionResult.Parked => "parked", ActionResult.Failed => "failed", _ => "closing" };
        if (report.Result == ActionResult.Closed) Confirm(report.At);
        return null;
    }

    private string? Observed(IncidentObserved observed, DateTimeOffset now, string? closeId)
    {
        if (_close is not { } close || close.Id != observed.CloseId) return null;
        var seen = ResolversPlace().Time;
        if (!observed.IsActive)
        {
            var at = observed.ResolvedAt > seen ? observed.ResolvedAt : observed.ChangedAt > seen ? observed.ChangedAt : null;
            if (at is { } time) Add(new Fact(new Place(time, time, 0), "closed", time, default));
            else Confirm(observed.ObservedAt);
        }
        else if (observed.ReopenedAt > seen)
        {
            Add(new Fact(new Place(observed.ReopenedAt.Value, observed.ReopenedAt.Value, 0), "reopen", observed.ReopenedAt.Value, default));
        }
        else if (observed.ResolvedAt > seen || (seen is null && (observed.ResolvedAt ?? observed.ReopenedAt) is not null))
        {
            Add(new Fact(BehindNewest(), "reopen", observed.ChangedAt ?? observed.ObservedAt, default));
        }
        else if (GotWorse(now))
        {
            return null;
        }
        else if (close.Attempts >= 14)
        {
            close.State = "failed";
        }
        else
        {
            (close.Id, close.State, close.Reported) = (closeId ?? "", "closing", default);
            return "close";
        }

        return null;
    }

    private void Confirm(DateTimeOffset at) => Add(new Fact(ResolversPlace(), "confirmed", at, at));

    private void FireWhatGotWorse(DateTimeOffset now)
    {
        if (!GotWorse(now) || _close is not { } close) return;
        var first = Worse(close).Order(Comparer<Fact>.Create(Fact.InOrder)).First();
        Add(new Fact(first.Place with { Behind = first.Place.Behind + 1 }, "worsened", first.Place.Time ?? first.Received, default));
    }

    private bool GotWorse(DateTimeOffset now) => _close is { } close && AwaitsClose
        && (close.State is "failed" or "parked" || now - close.AskedAt >= TimeSpan.FromMinutes(15))
        && Content is { } content && Worse(close).Any() && IsWorse(content, close.Sight);

    private IEnumerable<Fact> Worse(Close close) => _facts.Where(fact =>
        fact.Delivery is not null && Newer(fact, close.Sight.Content) && IsWorse(fact, close.Sight)
        && fact.Place.CompareTo(close.Sight.Place) >= 0 && !close.Sight.Known.Contains(fact));

    private static bool Newer(Fact fact, Fact? than) => than is null || Fact.InOrder(fact, than) > 0;

    private static bool IsWorse(Fact fact, Sight sight)
    {
        if (fact.Delivery?.Incident is not { } now) return false;
        if (sight.Content?.Delivery?.Incident is not { } seen) return true;
        return Rank(now) > Rank(seen) || now.Alerts.Any(alert => seen.Alerts.All(known => known.Id != alert.Id));
    }

    private static int Rank(Incident incident) => Math.Max(Array.IndexOf(Severities, incident.Severity), Array.IndexOf(Severities, incident.Status));

    private void Add(Fact fact)
    {
        _facts.Add(fact);
        Replay();
        if (!AwaitsClose) _close = null;
    }

    private Place BehindNewest()
    {
        var newest = _facts.Select(fact => fact.Place).DefaultIfEmpty().Max();
        return newest with { Behind = newest.Behind + 1 };
    }

    private Place ResolversPlace() => _facts.Where(fact => fact.Kind == "resolve").Max(fact => fact.Place);

    /// <summary>Replays all facts from the beginning, moment by moment.</summary>
    private void Replay()
    {
        List<ModelEpisode> episodes = [];
        var (awaits, confirmed) = (false, (DateTimeOffset?)null);
        foreach (var moment in _facts.GroupBy(fact => fact.Place).OrderBy(moment => moment.Key))
        {
            var isClosed = episodes is [.., { ResolvedAt: not null }] && !awaits;
            var both = moment.Any(fact => fact.Kind == "reopen") && moment.Any(fact => fact.Kind == "closed");
            var order = both && !isClosed ? ReopenLast : OrderInAMoment;
            var sent = moment.Where(fact => order.Contains(fact.Kind)).OrderBy(fact => Array.IndexOf(order, fact.Kind));
            foreach (var fact in sent.ThenBy(fact => fact.At).ThenBy(fact => fact.Received)) Follow(fact);
            foreach (var fact in moment.Where(fact => fact.Kind == "resolve").OrderBy(fact => fact.At)) Follow(fact);
            foreach (var fact in moment.Where(fact => fact.Kind == "confirmed").OrderBy(fact => fact.At)) Follow(fact);
        }

        (Episodes, AwaitsClose) = (episodes, awaits);

        void Follow(Fact fact)
        {
            var fires = episodes is [.., { ResolvedAt: null }];
            if (fact.Kind == "confirmed") (awaits, confirmed) = awaits ? (false, fact.At) : (awaits, confirmed);
            else if (fact.Kind == "resolve") { if (fires) { End(fact); awaits = true; } }
            else if (fact.Kind == "closed")
            {
                if (episodes.Count == 0) Begin(fact);
                if (episodes[^1].ResolvedAt is null) End(fact);
                (awaits, confirmed) = (false, null);
            }
            else if (fact.Kind is "reopen") { if (!fires) Begin(fact); }
            else if (fact.Kind is "worsened") { if (awaits) Begin(fact); }
            else if (!fires && !awaits && !(confirmed is { } at && fact.Received <= (fact.Kind == "state" ? at : at.AddMinutes(10)))) Begin(fact);
        }

        void Begin(Fact fact)
        {
            episodes.Add(new ModelEpisode(episodes.Count + 1, fact.At, null, null));
            (awaits, confirmed) = (false, null);
        }

        void End(Fact fact) => episodes[^1] = episodes[^1] with { ResolvedAt = fact.At, ResolvedBy = fact.Actor };
    }

    private static (string Kind, DateTimeOffset? DecidedAt) KindOf(Incident incident)
    {
        string[] lifecycle = ["incident#new", "incident#reopen", "incident#closed"];
        var named = incident.Events.Where(evt => lifecycle.Contains(evt.Name)).ToList();
        var latest = Latest([.. named.Select(evt => evt.Time)]);
        var last = named.Where(evt => evt.Time == latest).Select(evt => evt.Name).Distinct().ToList();
        if ((incident.Active ?? !incident.Resolved) == false || last is ["incident#closed"]) return ("closed", latest);
        if (last is [var only]) return (only == "incident#new" ? "new" : "reopen", latest);
        return last.Count > 1 ? ("reopen", latest) : (incident.Events.Count == 0 ? "state" : "update", latest);
    }

    private static DateTimeOffset? Latest(params DateTimeOffset?[] times) => times.Max();

    private readonly record struct Place(DateTimeOffset Changed, DateTimeOffset Happened, int Behind) : IComparable<Place>
    {
        public static Place Of(Moment moment) => new(moment.ChangedAt, moment.EventAt, moment.Behind);

        public DateTimeOffset? Time => Latest(Changed, Happened) is var time && time == default(DateTimeOffset) ? null : Latest(Changed, Happened);

        public int CompareTo(Place other) => (Changed, Happened, Behind).CompareTo((other.Changed, other.Happened, other.Behind));
    }

    private sealed record Fact(Place Place, string Kind, DateTimeOffset At, DateTimeOffset Received)
    {
        public IncidentReported? Delivery { get; init; }
        public string? Actor { get; init; }

        /// <summary>Compares two facts in the order that decides content.</summary>
        public static int InOrder(Fact one, Fact other) => one.Key.CompareTo(other.Key);

        private (Place, int, DateTimeOffset, int, DateTimeOffset, ulong) Key => (
            Place, Array.IndexOf(OrderInAMoment, Kind), Delivery?.Incident.AlertsChangedOn ?? default, Delivery?.Incident.Events.Count ?? 0,
            Received, Delivery?.Fingerprint ?? 0);
    }

    private sealed record Sight(Fact? Content, Moment Moment, Place? ResolvedAt)
    {
        /// <summary>What had been applied when the request was made, except the content.</summary>
        public IReadOnlyList<Fact> Known { get; init; } = [];

        public Place Place => LifeOracle.Place.Of(Moment);
    }

    private sealed class Close
    {
        public required string Id { get; set; }
        public required string State { get; set; }
        public required DateTimeOffset AskedAt { get; init; }
        public required Sight Sight { get; set; }
        public int Attempts { get; set; }
        public (int Attempt, DateTimeOffset At) Reported { get; set; }
    }
}
