namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>The statuses that BigPanda's Alerts API takes.</summary>
internal enum MonitorStatus
{
    Ok,
    Acknowledged,
    Unknown,
    Warning,
    Critical,
}

internal static class MonitorStatuses
{
    public const string Names = "ok, critical, warning, unknown or acknowledged";

    public static string Name(this MonitorStatus status) => status switch
    {
        MonitorStatus.Ok => "ok",
        MonitorStatus.Acknowledged => "acknowledged",
        MonitorStatus.Unknown => "unknown",
        MonitorStatus.Warning => "warning",
        _ => "critical",
    };

    /// <summary>In any case: whether BigPanda minds the case is not documented, and a capital letter must not lose an alert.</summary>
    public static MonitorStatus? Find(string name) => name.Trim().ToLowerInvariant() switch
    {
        "ok" => MonitorStatus.Ok,
        "acknowledged" => MonitorStatus.Acknowledged,
        "unknown" => MonitorStatus.Unknown,
        "warning" => MonitorStatus.Warning,
        "critical" => MonitorStatus.Critical,
        _ => null,
    };
}
