using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>
/// Plays a random lifecycle: a BigPanda that opens, changes, closes and reopens an incident by its own clock, two people who resolve it here, the
/// attempts to close it, and a network that delays, loses and repeats all of this.
/// </summary>
/// <param name="skew">How far our clock is ahead of BigPanda's.</param>
internal sealed class LifePlayer(int seed, TimeSpan skew = default)
{
    private static readonly TimeSpan BrokerAhead = TimeSpan.FromSeconds(20);

    private static readonly string[] Severities = ["ok", "unknown", "warning", "critical", "disaster"];

    private readonly Random _random = new(seed);
    private readonly List<(int Step, AlertEvent Event)> _wire = [];
    private readonly List<IncidentReported> _sent = [];
    private readonly List<CloseOverdue> _scheduled = [];
    private readonly bool _namesEvents = new Random(seed + 1).Next(4) != 0;
    private readonly bool _hasTimes = new Random(seed + 2).Next(3) != 0;
    private readonly bool _hasMilliseconds = new Random(seed + 3).Next(3) == 0;
    private readonly bool _saysResolved = new Random(seed + 4).Next(4) == 0;
    private TimeSpan _elapsed;
    private int _step;
    private int _bodies;
    private bool _exists;
    private bool _open;
    private int _severity;
    private int _alerts = 1;
    private DateTimeOffset? _reopenedAt;
    private DateTimeOffset? _resolvedAt;
    private DateTimeOffset? _changedAt;

    /// <summary>By our clock.</summary>
    public DateTimeOffset Now => Deliveries.Start + _elapsed + skew;

    private DateTimeOffset InBigPanda => Deliveries.Start + (_hasMilliseconds ? _elapsed : TimeSpan.FromSeconds(Math.Floor(_elapsed.TotalSeconds)));

    /// <summary>Advances by one step and returns the events that arrive in it, in order.</summary>
    /// <param name="asked">Called with each resolve request when it is made, before it is sent.</param>
    public IReadOnlyList<AlertEvent> Step(Alert? alert, Action<ResolveRequested> asked)
    {
        _step++;
        _elapsed += _random.Next(12) == 0 ? TimeSpan.FromSeconds(_random.Next(400)) : TimeSpan.FromMilliseconds(_random.Next(4) * 400);
        switch (_random.Next(10))
        {
            case 0 or 1 when alert is not null && (alert.IsFiring || alert.BigPanda.State != SyncState.InSync):
                var request = Request(alert);
                asked(request);
                Send(request);
                break;
            case 2 when _sent.Count > 0:
                Send(_sent[^_random.Next(1, Math.Min(_sent.Count, 10) + 1)]);
                break;
            case 3:
                break;
            default:
                Change();
                break;
        }

        foreach (var overdue in _scheduled.Where(overdue => overdue.DueAt <= Now + BrokerAhead)) _wire.Add((_step, overdue));
        _scheduled.RemoveAll(overdue => overdue.DueAt <= Now + BrokerAhead);
        var due = _wire.Where(entry => entry.Step <= _step).ToList();
        _wire.RemoveAll(due.Contains);
        return [.. due.Select(entry => entry.Event)];
    }

    /// <summary>Carries out a decided close: attempts fail and are retried, are accepted, or are overtaken by their own reports.</summary>
    public void Act(CloseIncidentAction close)
    {
        var attempt = close.AttemptsBefore;
        while (_random.Next(3) == 0) Report(close, ActionResult.Retrying, ++attempt);
        if (_random.Next(4) == 0)
        {
            Report(close, ActionResult.Parked, ++attempt);
            if (_random.Next(2) == 0) return;
            Report(close, ActionResult.Released, attempt);
        }

        switch (_random.Next(6))
        {
            case 0:
                Report(close, ActionResult.Failed, ++attempt);
                break;
            case 1:
                (_open, _resolvedAt) = (false, InBigPanda);
                Report(close, ActionResult.Closed, ++attempt);
                break;
            case 2:
                // Accepted and never carried out.
                Report(close, ActionResult.Accepted, ++attempt);
                Observe(close);
                break;
            default:
                Report(close, ActionResult.Accepted, ++attempt);
                if (_open) Close();
                if (_random.Next(3) == 0) Change();
                Observe(close);
                break;
        }
    }

    /// <summary>Asks when a close is overdue, as the bridge does: once for each time that is new.</summary>
    public void Schedule(Alert? before, Alert after)
    {
        if (after is { CloseOverdueAt: { } dueAt, Resolve.AskedAt: { } askedAt } && dueAt != before?.CloseOverdueAt)
            _scheduled.Add(new CloseOverdue(after.IncidentId, askedAt, dueAt, $"overdue-{_bodies++}"));
    }

    private void Report(CloseIncidentAction close, ActionResult result, int attempt) => Send(
        new ActionReported(
            close.IncidentId, close.ActionId, Destination.BigPanda, ActionKinds.Close, result, attempt, "why",
            Now.AddMilliseconds(_bodies++), $"outcome-{_bodies}"));

    private void Observe(CloseIncidentAction close)
    {
        var (changed, reopened, resolved) = _hasTimes ? (_changedAt, _reopenedAt, _resolvedAt) : (null, null, null);
        if (_random.Next(2) == 0) resolved = null;
        Send(new IncidentObserved(close.IncidentId, $"observed-{_bodies++}", close.ActionId, "verification", _open, changed, reopened, null, resolved, Now));
    }

    private void Close() => (_open, _resolvedAt, _) = (false, InBigPanda, Deliver("incident#closed"));

    private void Change()
    {
        _severity = _random.Next(Severities.Length);
        if (_random.Next(4) == 0) _alerts = _random.Next(1, 5);
        if (!_exists) (_exists, _open, _) = (true, true, Deliver("incident#new"));
        else if (_open && _random.Next(4) == 0) Close();
        else if (!_open && _random.Next(2) == 0) (_open, _reopenedAt, _) = (true, InBigPanda, Deliver("incident#reopen"));
        else if (_open && _random.Next(8) == 0) (_reopenedAt, _resolvedAt, _) = (InBigPanda, InBigPanda, Deliver("incident#closed", "incident#reopen"));
        else if (_random.Next(12) == 0) Deliver(_random.Next(2) == 0 ? "incident#new" : "incident#reopen");
        else Deliver(_random.Next(2) == 0 ? ["incident#updated"] : ["incident-tag#upserted", "incident#commented"]);
    }

    private bool Deliver(params string[] names)
    {
        if (names is ["incident#closed"]) _open = false;
        if (names.Contains("incident#reopen")) _open = true;
        _changedAt = InBigPanda;
        var (open, body) = (names[0] == "incident#new" || _open, ++_bodies);
        DateTimeOffset? time = _hasTimes || _random.Next(3) != 0 ? InBigPanda : null;
        var incident = new Incident
        {
            Id = Deliveries.IncidentId,
            Active = _saysResolved ? null : open,
            Resolved = _saysResolved ? !open : null,
            Status = open ? "critical" : "ok",
            Severity = Severities[_severity],
            ChangedOn = _random.Next(5) == 0 ? null : time,
            UpdatedOn = _random.Next(5) == 0 ? time?.AddSeconds(-1) : time,
            AlertsChangedOn = _random.Next(2) == 0 ? time?.AddSeconds(-_random.Next(2)) : null,
            Environment = new IncidentEnvironment("env-1", "All"),
            Tags = new Dictionary<string, TagValue> { ["body"] = TagValue.Of($"{body}") },
            Alerts = [.. Enumerable.Range(0, _alerts).Select(i => new IncidentAlert { Id = $"alert-{i}", Status = "critical" })],
            Events = _namesEvents ? [.. names.Select(name => new IncidentEvent(name, _random.Next(6) == 0 ? null : time))] : [],
        };
        var reported = new IncidentReported(incident, "main", Now, (ulong)body, $"incident-{body}");
        if (_random.Next(12) == 0) return false;
        _sent.Add(reported);
        Send(reported);
        return true;
    }

    private ResolveRequested Request(Alert alert)
    {
        var who = _random.Next(2) == 0 ? "ada" : "grace";
        var request = Deliveries.Resolve(alert, 0, who, _random.Next(3) == 0 ? null : $"comment {_bodies++}");
        return request with { RequestedAt = Now.AddTicks(_bodies), MessageId = $"resolve-{_bodies++}" };
    }

    private void Send(AlertEvent evt) => _wire.Add((_step + (_random.Next(4) == 0 ? _random.Next(8) : 0), evt));
}
