using BigPanda.Functions.Json;

namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>
/// One event as BigPanda's Alerts API takes it (docs.bigpanda.io/reference/alert-object), without the app key, which is the source's and is added
/// when the event is sent.
/// </summary>
internal sealed record MonitorAlert
{
    private static readonly string[] UsualPrimary = ["host", "service", "application", "device"];
    private static readonly string[] UsualSecondary = ["check", "sensor"];

    public required MonitorStatus Status { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Timestamp { get; init; }

    /// <summary>The sender gave no usable time. <see cref="Timestamp"/> is the time of receipt, so a repeat of the body has another one.</summary>
    public bool IsTimestampAdded { get; init; }

    public string? IncidentIdentifier { get; init; }

    public string? PrimaryProperty { get; init; }

    public string? SecondaryProperty { get; init; }

    public string? Description { get; init; }

    /// <summary>All other properties, host and check among them. Names are unique.</summary>
    public required IReadOnlyList<KeyValuePair<string, TagValue>> Tags { get; init; }

    /// <summary>The monitor sends no event that resolves an alert of this kind.</summary>
    public bool NeverResolves { get; init; }

    /// <summary>The tag that BigPanda takes as the primary property: the one that is named, else the first usual one. Null for an invalid alert.</summary>
    public string? Primary => FirstOf(PrimaryProperty, UsualPrimary);

    /// <summary>What BigPanda recognises the alert by. Events of one identity must be sent in order.</summary>
    public string Identity =>
        IncidentIdentifier ?? $"{TextOf(Primary)}|{TextOf(FirstOf(SecondaryProperty, UsualSecondary))}";

    /// <summary>Null for a tag that is missing or blank. A list is one text, as BigPanda shows it.</summary>
    public string? TextOf(string? name)
    {
        if (name is null) return null;
        foreach (var (tag, value) in Tags)
        {
            if (tag != name) continue;
            var text = string.Join('|', value.Values.Select(one => one.Text));
            return string.IsNullOrWhiteSpace(text) ? null : text;
        }

        return null;
    }

    private string? FirstOf(string? named, string[] usual) =>
        TextOf(named) is not null ? named : Array.Find(usual, name => TextOf(name) is not null);
}
