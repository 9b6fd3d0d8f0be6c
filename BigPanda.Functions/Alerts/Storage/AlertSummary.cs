using System.Text;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// An alert for lists: without the incident's alerts and changes, with some of its tags. Stored in the alert's row, so that a list reads
/// kilobytes per alert instead of megabytes.
/// </summary>
internal sealed record AlertSummary
{
    public const int MaxHosts = 20;
    private const int MaxHostChars = 200;
    private const int MaxTagBytes = 2048;
    private static readonly string[] HostTags = ["host", "hostname"];

    /// <summary>The alert without the members that lists do not show.</summary>
    public required Alert Alert { get; init; }

    /// <summary>The whole alert, for a list with details; not stored.</summary>
    [JsonIgnore]
    public Alert? Whole { get; init; }

    public int AlertCount { get; init; }

    /// <summary>The hosts of the incident's alerts, sorted, at most <see cref="MaxHosts"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init => field = value ?? []; } = [];

    public static AlertSummary Of(Alert alert)
    {
        var tags = TakeFitting(alert.Content.Tags);
        var leftOut = alert.Content.Tags.Count - tags.Count;
        var content = alert.Content with
        {
            Alerts = [],
            RelatedChanges = [],
            FormerAlerts = [],
            Origins = [],
            Headers = null,
            Tags = tags,
            Omitted = leftOut == 0 ? alert.Content.Omitted : $"{alert.Content.Omitted} {leftOut} of the tags are not shown in lists.".TrimStart(),
        };
        return new AlertSummary
        {
            Alert = alert with
            {
                Content = content,
                PagerDuty = alert.PagerDuty?.ForLists(),
                Expected = [],
                SentTexts = null,
                HeardComments = null,
                ExpectedNotes = null,
                RecentMessages = [],
            },
            AlertCount = alert.Content.Alerts.Count,
            Hosts = [.. HostsOf(alert.Content).Take(MaxHosts)],
        };
    }

    /// <summary>Distinct hosts, case-insensitively, sorted.</summary>
    public static IEnumerable<string> HostsOf(AlertContent content)
    {
        var hosts = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var alert in content.Alerts)
        {
            foreach (var (name, value) in alert.Tags)
            {
                if (HostTags.Contains(name, StringComparer.OrdinalIgnoreCase) && value.Text is { Length: > 0 } host)
                    hosts.Add(Wording.Shorten(host, MaxHostChars));
            }
        }

        return hosts;
    }

    /// <summary>In the tags' order; one that does not fit is skipped.</summary>
    private static IReadOnlyDictionary<string, TagValue> TakeFitting(IReadOnlyDictionary<string, TagValue> tags)
    {
        var left = MaxTagBytes;
        var kept = new Dictionary<string, TagValue>();
        foreach (var (name, value) in tags)
        {
            var size = Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value.Json);
            if (size > left) continue;
            left -= size;
            kept[name] = value;
        }

        return kept.Count == tags.Count ? tags : kept;
    }
}
