using BigPanda.Functions.Monitors.Alerts;
using BigPanda.Functions.Monitors.Formats;
using BigPanda.Functions.Sources;

namespace BigPanda.Functions.Monitors.Intake;

/// <summary>What a source of the kind monitor says about its alerts.</summary>
internal static class MonitorSource
{
    /// <returns>Null for a format that this version does not know.</returns>
    public static MonitorFormat? FindFormat(this AlertSource source) => MonitorFormat.Find(source.Format ?? "");

    /// <returns>How long after its last firing an alert of a kind that never resolves counts as over; null when no ok is to follow.</returns>
    public static TimeSpan? OkAfter(this AlertSource source, MonitorAlert alert) =>
        alert is { NeverResolves: true, Status: not MonitorStatus.Ok } && (source.OkAfterHours ?? AlertSource.UsualOkAfterHours) is > 0 and var hours
            ? TimeSpan.FromHours(hours)
            : null;
}
