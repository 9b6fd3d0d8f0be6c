using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules;

/// <summary>Makes a mark from a delivery: its effect on the status and its place in the incident's order.</summary>
internal static class IncidentMark
{
    /// <param name="known">A delivery without any time is placed right behind this history.</param>
    public static Mark Of(IncidentReported reported, AlertHistory known)
    {
        var incident = reported.Incident;
        var moment = MomentOf(incident);
        var (kind, decidedAt) = Kind(incident);
        var stamp = new Stamp(moment ?? known.Newest.Moment.Next())
        {
            Kind = kind,
            AlertsChangedAt = incident.AlertsChangedOn ?? default,
            Events = incident.Events.Count,
            ReceivedAt = reported.ReceivedAt,
            Fingerprint = reported.Fingerprint,
        };
        var markKind = kind switch
        {
            DeliveryKind.Closed => MarkKind.Closed,
            DeliveryKind.Reopen => MarkKind.Reopen,
            _ => MarkKind.Active,
        };
        var at = decidedAt ?? moment?.EventAt ?? reported.ReceivedAt;
        return new Mark(stamp, markKind, at, Wording.Truncate(incident.Sender, 200), kind == DeliveryKind.Closed ? ResolvedVia.BigPanda : null);
    }

    /// <summary>Null when the delivery has no time.</summary>
    public static Moment? MomentOf(Incident incident)
    {
        DateTimeOffset? eventAt = null;
        foreach (var evt in incident.Events) eventAt = Later(eventAt, evt.Time);
        var changedAt = Later(incident.ChangedOn, incident.UpdatedOn);
        return (changedAt ?? eventAt) is { } changed ? new Moment(changed, eventAt ?? changed) : null;
    }

    /// <summary>
    /// The latest lifecycle event decides; with several at the same time, or none, the flags and the status do. An incident that a flag
    /// shows as inactive does not fire: it ended before it was shared. A status alone does not outweigh an event: it is the alerts'.
    /// </summary>
    /// <returns>The kind, and the time of the deciding event, if any.</returns>
    private static (DeliveryKind Kind, DateTimeOffset? At) Kind(Incident incident)
    {
        DateTimeOffset latest = default;
        string? name = null;
        var tied = false;
        foreach (var evt in incident.Events)
        {
            var time = evt.Time ?? default;
            if (!IncidentEvents.IsLifecycle(evt.Name) || time < latest) continue;
            tied = time == latest && (tied || (name is not null && evt.Name != name));
            (latest, name) = (time, evt.Name);
        }

        if (tied) name = incident.IsActive ? IncidentEvents.Reopen : IncidentEvents.Closed;
        var kind = name switch
        {
            IncidentEvents.Closed => DeliveryKind.Closed,
            _ when incident.Flag == false => DeliveryKind.Closed,
            IncidentEvents.Reopen => DeliveryKind.Reopen,
            IncidentEvents.New => DeliveryKind.New,
            _ when !incident.IsActive => DeliveryKind.Closed,
            _ => incident.Events.Count == 0 ? DeliveryKind.State : DeliveryKind.Update,
        };
        return (kind, latest == default ? null : latest);
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
}
