using System.Globalization;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>A rejected time of a delivery. The delivery is treated as without it.</summary>
/// <param name="Field">For example <c>changedOn</c>.</param>
public sealed record TimeError(string Field, string Sent, TimeErrorKind Kind);

public enum TimeErrorKind
{
    /// <summary>In no known format.</summary>
    Unreadable = 0,

    /// <summary>More than <see cref="IncidentTimes.MaxAhead"/> after the delivery was received.</summary>
    Ahead = 1,
}

internal static class IncidentTimes
{
    /// <summary>A time further ahead is rejected: it would make every later delivery stale.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromHours(48);

    /// <summary>Removes times too far ahead of the receipt.</summary>
    public static Incident WithoutFutureTimes(this Incident incident, DateTimeOffset receivedAt)
    {
        var latest = receivedAt + MaxAhead;
        IEnumerable<DateTimeOffset?> times = [incident.ChangedOn, incident.UpdatedOn, incident.AlertsChangedOn, .. incident.Events.Select(evt => evt.Time)];
        if (!times.Any(IsAhead)) return incident;
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

    /// <summary>Adds the first error per field and kind: a body can have thousands.</summary>
    public static void AddFirst(this List<TimeError> errors, string field, string sent, TimeErrorKind kind)
    {
        if (!errors.Exists(error => error.Field == field && error.Kind == kind)) errors.Add(new TimeError(field, sent, kind));
    }

    /// <summary>For the timeline; null without errors.</summary>
    public static string? Describe(IReadOnlyList<TimeError> errors) => errors.Count == 0 ? null : string.Join("; ", errors.Select(Describe));

    private static string Describe(TimeError error) => error.Kind == TimeErrorKind.Ahead
        ? $"{error.Field} {error.Sent} is more than {MaxAhead.TotalHours:0} hours ahead and is ignored"
        : $"{error.Field} \"{error.Sent}\" cannot be read as a time and is ignored";
}
