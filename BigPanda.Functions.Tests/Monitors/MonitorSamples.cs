using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BigPanda.Functions.Monitors.Alerts;
using BigPanda.Functions.Monitors.Formats;

namespace BigPanda.Functions.Tests.Monitors;

/// <summary>
/// The bodies below Samples/monitors, a folder for each format. Beside each is what becomes of it: <c>case.expected.json</c>. A case whose name begins
/// with flatten is of a source that flattens.
/// </summary>
internal static class MonitorSamples
{
    private const string Expected = ".expected.json";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Samples", "monitors");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>When every sample is received.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<(string Format, string Case)> All { get; } =
    [
        .. from format in MonitorFormat.Known
           from path in Directory.EnumerateFiles(Path.Combine(Folder, format.Name), "*.json").Order(StringComparer.Ordinal)
           where !path.EndsWith(Expected, StringComparison.Ordinal)
           select (format.Name, Path.GetFileNameWithoutExtension(path)),
    ];

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (format, name) in All) rows.Add(format, name);
            return rows;
        }
    }

    public static byte[] Bytes(string format, string name) => File.ReadAllBytes(Path.Combine(Folder, format, name + ".json"));

    public static string ExpectedOf(string format, string name)
    {
        var path = Path.Combine(Folder, format, name + Expected);
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    public static MonitorBody Read(string format, string name) => Read(format, Bytes(format, name), name.StartsWith("flatten", StringComparison.Ordinal));

    public static MonitorBody Read(string format, ReadOnlySpan<byte> body, bool flatten = false)
    {
        var reader = MonitorFormat.Find(format) ?? throw new ArgumentException($"No format {format}.", nameof(format));
        return reader.Read(body, flatten, Now);
    }

    public static IReadOnlyList<MonitorAlert> Accepted(string format, string name) =>
        [.. Read(format, name).Alerts.Select(read => read.Alert).OfType<MonitorAlert>()];

    /// <summary>The only alert of a body, which is accepted.</summary>
    public static MonitorAlert ReadOne(string format, ReadOnlySpan<byte> body) =>
        Assert.Single(Read(format, body).Alerts).Alert ?? throw new InvalidOperationException("The alert was refused.");

    /// <summary>What became of a body, as the expected files show it.</summary>
    public static string Show(MonitorBody body)
    {
        var shown = new JsonObject();
        if (body.Error is { } error) shown["error"] = error.IsJson ? error.Detail : $"{error.Detail} Line {error.Line}, byte {error.Position}.";
        if (body.Warnings.Count > 0) shown["warnings"] = Show(body.Warnings);
        if (body.Alerts.Count > 0) shown["alerts"] = new JsonArray([.. body.Alerts.Select(Show)]);
        return shown.ToJsonString(Indented) + "\n";
    }

    private static JsonNode Show(ReadAlert read)
    {
        var shown = new JsonObject();
        if (read.Refusal is { } refusal) shown["refused"] = Show(refusal);
        if (read.Alert is not { } alert) return shown;
        shown["sent"] = JsonNode.Parse(MonitorAlertJson.Write(alert));
        if (alert.IsTimestampAdded) shown["timestampAdded"] = true;
        if (alert.NeverResolves) shown["neverResolves"] = true;
        if (read.Warnings.Count > 0) shown["warnings"] = Show(read.Warnings);
        return shown;
    }

    private static JsonArray Show(IEnumerable<FieldNote> notes) => [.. notes.Select(Show)];

    private static JsonNode Show(FieldNote note) => $"{note.Field} {note.Reason}";
}
