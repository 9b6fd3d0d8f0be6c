using System.Collections.Frozen;

namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>
/// The status of a firing alert by its severity. No word means <c>ok</c>, which closes in BigPanda: an alert that fires is never ok, however
/// unimportant it is. docs/monitors.md has this table.
/// </summary>
internal static class SeverityWords
{
    private static readonly FrozenDictionary<string, MonitorStatus> Statuses = new (MonitorStatus Status, string[] Words)[]
    {
        (MonitorStatus.Critical, ["sev0", "sev1", "critical", "page", "error", "high", "major", "fatal", "emergency", "disaster", "p1", "p2"]),
        (MonitorStatus.Warning, ["sev2", "sev3", "warning", "warn", "medium", "minor", "low", "informational", "info", "notice", "p3", "p4"]),
        (MonitorStatus.Unknown, ["sev4", "verbose", "debug", "none", "unknown", "normal", "ok", "p5"]),
    }.SelectMany(row => row.Words.Select(word => KeyValuePair.Create(word, row.Status))).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyDictionary<string, MonitorStatus> All => Statuses;

    public static MonitorStatus? Find(string word) => Statuses.TryGetValue(word.Trim(), out var status) ? status : null;
}
