using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;
using BigPanda.Functions.Monitors.Formats.Azure;

namespace BigPanda.Functions.Monitors.Formats;

/// <summary>Reads a body that <see cref="ReceivedJson.Check"/> has passed. It throws nothing, whatever the body holds.</summary>
/// <param name="flatten">Nested objects become tags with dotted names, instead of being refused.</param>
internal delegate MonitorBody MonitorReader(ReadOnlySpan<byte> body, bool flatten, DateTimeOffset now);

/// <summary>How a monitoring system writes its alerts. One more system is one more entry here, its reader, and a folder of samples.</summary>
internal sealed class MonitorFormat
{
    private static readonly MonitorFormat[] All =
    [
        new("bigpanda", BigPandaFormat.Read),
        new("azureMonitor", (body, _, now) => AzureMonitorFormat.Read(body, now)),
        new("alertmanager", (body, _, now) => AlertmanagerFormat.Read(body, now)),
        new("grafana", (body, _, now) => GrafanaFormat.Read(body, now)),
    ];

    private readonly MonitorReader _read;

    private MonitorFormat(string name, MonitorReader read) => (Name, _read) = (name, read);

    public static IReadOnlyList<MonitorFormat> Known => All;

    /// <summary>For a message: all names.</summary>
    public static string Names => string.Join(", ", All.Select(format => format.Name));

    public string Name { get; }

    public static MonitorFormat? Find(string name) => Array.Find(All, format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <param name="flatten">The source's setting.</param>
    /// <param name="now">The time of receipt.</param>
    public MonitorBody Read(ReadOnlySpan<byte> body, bool flatten, DateTimeOffset now) =>
        ReceivedJson.Check(body) is { } error ? MonitorBody.Invalid(error) : _read(body, flatten, now);
}
