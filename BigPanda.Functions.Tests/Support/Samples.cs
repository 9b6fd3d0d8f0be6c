namespace BigPanda.Functions.Tests.Support;

/// <summary>The payloads under Samples/, unchanged.</summary>
internal static class Samples
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Samples");

    /// <summary>The delivery that BigPanda publishes in its documentation.</summary>
    public static byte[] Published => Bytes("incident-new");

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, "bigpanda", name + ".json"));

    /// <summary>A webhook that PagerDuty sent.</summary>
    public static byte[] PagerDuty(string name) => File.ReadAllBytes(Path.Combine(Folder, "pagerduty", name + ".json"));

    public static IEnumerable<string> PagerDutyNames => NamesIn("pagerduty");

    /// <summary>A row or message of an earlier version.</summary>
    public static byte[] Stored(string name) => File.ReadAllBytes(Path.Combine(Folder, "stored", name + ".json"));

    /// <summary>The body of a queue message of an earlier version.</summary>
    public static byte[] Message(string name) => File.ReadAllBytes(Path.Combine(Folder, "messages", name + ".json"));

    public static IEnumerable<string> Names => NamesIn("bigpanda");

    private static IEnumerable<string> NamesIn(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);
}
