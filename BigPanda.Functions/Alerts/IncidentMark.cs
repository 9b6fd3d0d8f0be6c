using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Alerts;

/// <summary>Reads from a delivery what it says about the alert's status, and where in the incident's life it belongs.</summary>
internal static class IncidentMark
{
    public static Mark Of(IncidentReported reported)
    {
        var incident = reported.Incident;
        var received = reported.ReceivedAt;
        var eventAt = Bounded(incident.Events.Count == 0 ? default : incident.Events.Max(evt => evt.Time ?? default), received);
        var changedAt = Bounded(Later(incident.ChangedOn ?? default, incident.UpdatedOn ?? default), received);
        if (changedAt == default) changedAt = eventAt == default ? received : eventAt;

        var (kind, lifecycleAt) = Kind(incident);
        var told = Bounded(lifecycleAt, received);
        var at = told != default ? told : eventAt != default ? eventAt : changedAt;
        var stamp = new Stamp(changedAt, eventAt, Rank(kind, incident.Events), reported.Fingerprint);
        return new Mark(stamp, kind, at, Wording.Bounded(incident.Sender, 200), kind == MarkKind.Closed ? ResolvedVia.BigPanda : null);
    }

    /// <summary>
    /// The latest lifecycle event decides; several in the same second, or none, leave it to <c>active</c>. An incident that
    /// BigPanda already shows as inactive does not fire: it ended before it was shared.
    /// </summary>
    /// <returns>With the time of the event that decided, default when none did.</returns>
    private static (MarkKind Kind, DateTimeOffset At) Kind(Incident incident)
    {
        DateTimeOffset latest = default;
        string? name = null;
        var tied = false;
        foreach (var evt in incident.Events)
        {
            var time = evt.Time ?? default;
            if (!IncidentEvents.IsLifecycle(evt.Name) || time < latest) continue;
            tied = time == latest && (tied || (name is not null && evt.Name != name));
            latest = time;
            name = evt.Name;
        }

        if (tied) name = incident.IsActive ? IncidentEvents.Reopen : IncidentEvents.Closed;
        var kind = name switch
        {
            IncidentEvents.Closed => MarkKind.Closed,
            _ when incident.Active == false => MarkKind.Closed,
            IncidentEvents.Reopen => MarkKind.Reopen,
            IncidentEvents.New => MarkKind.Active,
            _ => incident.IsActive ? MarkKind.Active : MarkKind.Closed,
        };
        return (kind, latest);
    }

    /// <summary>Within one second an incident is new before it changes, changes before it closes, and closes before it reopens.</summary>
    private static int Rank(MarkKind kind, IReadOnlyList<IncidentEvent> events) => kind switch
    {
        MarkKind.Closed => 2,
        MarkKind.Reopen => 3,
        _ => events.Any(evt => evt.Name == IncidentEvents.New) ? 0 : 1,
    };

    private static DateTimeOffset Bounded(DateTimeOffset time, DateTimeOffset received) => time > received + IncidentTimes.MaxAhead ? received : time;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
