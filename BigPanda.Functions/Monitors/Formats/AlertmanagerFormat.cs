using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats;

/// <summary>Alertmanager's webhook_config: prometheus.io/docs/alerting/latest/configuration.</summary>
internal static class AlertmanagerFormat
{
    private static readonly string[] Versions = ["4"];

    public static MonitorBody Read(ReadOnlySpan<byte> body, DateTimeOffset now) => AlertGroup.Read("alertmanager", Versions, body, now);
}
