using System.Globalization;

namespace BigPanda.Functions.Incidents;

/// <summary>A time of a delivery that does not count, with what was written: the delivery has no such time then.</summary>
/// <param name="Field">Where it was: <c>changedOn</c>, say.</param>
public sealed record TimeError(string Field, string Sent, TimeErrorKind Kind);

public enum TimeErrorKind
{
    /// <summary>Nothing that this bridge knows as a time.</summary>
    Unreadable = 0,

    /// <summary>More than <see cref="IncidentTimes.MaxAhead"/> after the delivery came in.</summary>
    Ahead = 1,
}

internal static class IncidentTimes
{
    /// <summary>Beyond this a time is ignored: taken literally, it would make every later delivery look old.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromHours(48);

    /// <summary>The incident without the times that lie too far ahead of its receipt.</summary>
    public static Incident WithoutFutureTimes(this Incident incident, DateTimeOffset receivedAt)
    {
        var latest = receivedAt + MaxAhead;
        if (!IsAhead(incident.ChangedOn) && !IsAhead(incident.UpdatedOn) && !IsAhead(incident.AlertsChangedOn) && !incident.Events.Any(evt => IsAhead(evt.Time)))
            return incident;
        var errors = incident.TimeErrors.ToList();
        return incident with
        {
            ChangedOn = DropIfAhead("changedOn", incident.ChangedOn),
            UpdatedOn = DropIfAhead("updatedOn", incident.UpdatedOn),
            AlertsChangedOn = DropIfAhead("alerts[].changedOn", incident.AlertsChangedOn),
            Events = [.. incident.Events.Select(evt => evt with { Time = DropIfAhead("event_types[].time", evt.Time) })],
            TimeErrors = errors,
        };

        bool IsAhead(DateTimeOffset? time) => time > latest;

        DateTimeOffset? DropIfAhead(string field, DateTimeOffset? time)
        {
            if (!IsAhead(time)) return time;
            errors.AddFirst(field, string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss}Z"), TimeErrorKind.Ahead);
            return null;
        }
    }

    /// <summary>The first of each field: a body can hold thousands.</summary>
    public static void AddFirst(this List<TimeError> errors, string field, string sent, TimeErrorKind kind)
    {
        if (!errors.Exists(error => error.Field == field && error.Kind == kind)) errors.Add(new TimeError(field, sent, kind));
    }

    /// <summary>For the timeline; null when there is nothing to say.</summary>
    public static string? Describe(IReadOnlyList<TimeError> errors) => errors.Count == 0 ? null : string.Join("; ", errors.Select(Describe));

    private static string Describe(TimeError error) => error.Kind == TimeErrorKind.Ahead
        ? $"{error.Field} {error.Sent} is more than {MaxAhead.TotalHours:0} hours ahead and does not count"
        : $"{error.Field} \"{error.Sent}\" cannot be read as a time and does not count";
}
