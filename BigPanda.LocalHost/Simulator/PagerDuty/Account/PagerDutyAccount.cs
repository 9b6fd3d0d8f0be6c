using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Account;

/// <summary>
/// The simulated account: what events, people and REST calls do to alerts and incidents.
/// Source: developer.pagerduty.com/docs/send-alert-event and support.pagerduty.com/docs/edit-incidents.
/// </summary>
/// <param name="publish">Called in the order of the changes.</param>
internal sealed class PagerDutyAccount(TimeProvider time, Action<AccountEvent> publish, int capacity = 10_000)
{
    private readonly Lock _gate = new();
    private readonly AccountIds _ids = new();
    private readonly Dictionary<string, AccountIncident> _incidents = new(StringComparer.Ordinal);
    private readonly Queue<string> _arrivals = new();
    private readonly List<AccountAlert> _alerts = [];
    private readonly Dictionary<(string RoutingKey, string Key), int> _open = [];
    private readonly Dictionary<string, AccountService> _services = new(StringComparer.Ordinal);
    private readonly List<AccountUser> _users = [];
    private int _number;

    public AccountIds Ids => _ids;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AccountIncident> Incidents
    {
        get
        {
            lock (_gate)
                return [.. _arrivals.Select(id => _incidents[id])];
        }
    }

    public IReadOnlyList<AccountUser> Users
    {
        get
        {
            lock (_gate)
                return [.. _users];
        }
    }

    public bool TryFind(string id, [NotNullWhen(true)] out AccountIncident? incident)
    {
        lock (_gate)
            return _incidents.TryGetValue(id, out incident);
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AccountAlert> AlertsOf(string incidentId) => Alerts(alert => alert.IncidentId == incidentId);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AccountAlert> Alerts(Func<AccountAlert, bool> which)
    {
        lock (_gate)
            return [.. _alerts.Where(which)];
    }

    /// <summary>The user with this name or address; a new name joins the account.</summary>
    public AccountUser UserNamed(string nameOrEmail)
    {
        lock (_gate)
        {
            if (_users.Find(user => user.Name == nameOrEmail || user.Email == nameOrEmail) is { } known)
                return known;
            var isEmail = nameOrEmail.Contains('@', StringComparison.Ordinal);
            var name = isEmail ? nameOrEmail.Split('@')[0] : nameOrEmail;
            var user = new AccountUser(_ids.Other(), name, isEmail ? nameOrEmail : $"{name.Replace(' ', '.').ToLowerInvariant()}@example.com");
            _users.Add(user);
            return user;
        }
    }

    /// <summary>The service of a routing key: an unknown key is adopted as one of another service.</summary>
    public AccountService ServiceOf(string routingKey)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(routingKey, out var service))
                _services[routingKey] = service = new(_ids.Other(), $"Service {_services.Count + 1}", _ids.Other());
            return service;
        }
    }

    /// <summary>
    /// Applies an event. A trigger with the key of an open alert changes that; any other opens an incident, also after a resolve. What finds no open alert
    /// under its routing key is dropped.
    /// </summary>
    /// <param name="agent">Null: PagerDuty names no agent for some events.</param>
    public void Apply(string routingKey, string action, string key, JsonObject sent, Func<AccountService, Agent?> agent)
    {
        lock (_gate)
        {
            var isOpen = _open.TryGetValue((routingKey, key), out var index);
            if (action == "trigger" && isOpen)
                _alerts[index] = _alerts[index] with { Event = sent };
            else if (action == "trigger")
                Open(routingKey, key, sent, agent(ServiceOf(routingKey)));
            else if (isOpen && action == "acknowledge")
                SetStatus(_incidents[_alerts[index].IncidentId], IncidentStatus.Acknowledged, agent(_alerts[index].Service));
            else if (isOpen)
                ResolveAlert(index, agent(_alerts[index].Service));
        }
    }

    /// <summary>An incident that a person opens in PagerDuty: it has no alert.</summary>
    public AccountIncident Open(string title, Agent? by)
    {
        lock (_gate)
        {
            var incident = New(title, ServiceOf("opened by hand"), Guid.NewGuid().ToString("N"));
            Publish("incident.triggered", incident, by);
            return incident;
        }
    }

    /// <returns>False if the incident has the status already.</returns>
    public bool SetStatus(string id, string status, Agent? by)
    {
        lock (_gate)
            return SetStatus(_incidents[id], status, by);
    }

    public AccountNote Annotate(string id, string content, AccountUser by)
    {
        lock (_gate)
        {
            var note = new AccountNote(_ids.Other(), content, by, time.GetUtcNow());
            var incident = Replace(_incidents[id] with { Notes = _incidents[id].Notes.Add(note) });
            publish(new("incident.annotated", incident, Agent.Of(by), note.CreatedAt, note));
            return note;
        }
    }

    /// <summary>Moves the alerts into the other incident, and resolves this one.</summary>
    public void Merge(string id, string into, Agent? by)
    {
        lock (_gate)
        {
            for (var i = 0; i < _alerts.Count; i++)
            {
                if (_alerts[i].IncidentId == id)
                    _alerts[i] = _alerts[i] with { IncidentId = into };
            }
            var merged = Replace(Changed(_incidents[id], IncidentStatus.Resolved, by) with { MergedInto = into });
            Publish("incident.resolved", merged, by);
        }
    }

    public void Reassign(string id, AccountUser to, Agent? by)
    {
        lock (_gate)
            Publish("incident.reassigned", Replace(_incidents[id] with { Assignees = [to] }), by);
    }

    public void Prioritize(string id, string? priority, Agent? by)
    {
        lock (_gate)
            Publish("incident.priority_updated", Replace(_incidents[id] with { Priority = priority }), by);
    }

    private void Open(string routingKey, string key, JsonObject sent, Agent? agent)
    {
        var incident = New((string?)sent["payload"]?["summary"] ?? "", ServiceOf(routingKey), null);
        _open[(routingKey, key)] = _alerts.Count;
        _alerts.Add(new(_ids.Incident(), key, routingKey, incident.Id, incident.Service, true, incident.CreatedAt, sent));
        publish(new("incident.triggered", incident, agent, incident.CreatedAt, Event: sent));
    }

    private AccountIncident New(string title, AccountService service, string? key)
    {
        if (_arrivals.Count == capacity)
            Forget(_arrivals.Dequeue());
        var incident = new AccountIncident
        {
            Id = _ids.Incident(),
            Number = ++_number,
            Title = title,
            Service = service,
            Key = key,
            CreatedAt = time.GetUtcNow(),
            ChangedAt = time.GetUtcNow(),
            Assignees = [UserNamed("Ada")],
        };
        _arrivals.Enqueue(incident.Id);
        return Replace(incident);
    }

    private void Forget(string id)
    {
        _incidents.Remove(id);
        _alerts.RemoveAll(alert => alert.IncidentId == id);
        _open.Clear();
        for (var i = 0; i < _alerts.Count; i++)
        {
            if (_alerts[i].IsOpen)
                _open[(_alerts[i].RoutingKey, _alerts[i].Key)] = i;
        }
    }

    private void ResolveAlert(int index, Agent? by)
    {
        Close(index);
        // Resolving the last open alert resolves the incident.
        var id = _alerts[index].IncidentId;
        if (!_alerts.Exists(alert => alert.IncidentId == id && alert.IsOpen))
            SetStatus(_incidents[id], IncidentStatus.Resolved, by);
    }

    private bool SetStatus(AccountIncident incident, string status, Agent? by)
    {
        if (incident.Status == status)
            return false;
        for (var i = 0; i < _alerts.Count; i++)
        {
            if (_alerts[i].IncidentId != incident.Id)
                continue;
            // Resolving an incident resolves its alerts, and reopening it reopens them.
            if (status == IncidentStatus.Resolved && _alerts[i].IsOpen)
                Close(i);
            else if (incident.IsResolved)
                Reopen(i);
        }
        var type = incident.IsResolved ? "incident.reopened"
            : status == IncidentStatus.Triggered ? "incident.unacknowledged"
            : $"incident.{status}";
        Publish(type, Replace(Changed(incident, status, by)), by);
        return true;
    }

    private void Close(int index)
    {
        _alerts[index] = _alerts[index] with { IsOpen = false };
        _open.Remove((_alerts[index].RoutingKey, _alerts[index].Key));
    }

    private void Reopen(int index)
    {
        _alerts[index] = _alerts[index] with { IsOpen = true };
        _open[(_alerts[index].RoutingKey, _alerts[index].Key)] = index;
    }

    private AccountIncident Changed(AccountIncident incident, string status, Agent? by)
    {
        var now = time.GetUtcNow();
        var isResolved = status == IncidentStatus.Resolved;
        return incident with
        {
            Status = status,
            ChangedBy = by,
            ChangedAt = now,
            ResolvedAt = isResolved ? now : null,
            ReopenedAt = incident.IsResolved && !isResolved ? now : incident.ReopenedAt,
            Assignees = isResolved ? [] : incident.Assignees is [] ? [UserNamed("Ada")] : incident.Assignees,
        };
    }

    private AccountIncident Replace(AccountIncident incident) => _incidents[incident.Id] = incident;

    private void Publish(string type, AccountIncident incident, Agent? by) => publish(new(type, incident, by, time.GetUtcNow()));
}
