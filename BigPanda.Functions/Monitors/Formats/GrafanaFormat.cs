using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Monitors.Formats;

/// <summary>Grafana's webhook contact point. Through an Alertmanager outside Grafana the body has Alertmanager's version.</summary>
internal static class GrafanaFormat
{
    private static readonly string[] Versions = ["1", "4"];

    public static MonitorBody Read(ReadOnlySpan<byte> body, DateTimeOffset now) => AlertGroup.Read("grafana", Versions, body, now);
}
