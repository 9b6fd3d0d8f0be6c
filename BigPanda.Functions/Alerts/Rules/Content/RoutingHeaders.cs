using System.Text;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>The <c>x-bp-*</c> headers of a delivery, names in lower case, with its stamp. They say how the incident is paged.</summary>
public sealed record RoutingHeaders(IReadOnlyDictionary<string, string> Values, Stamp Stamp)
{
    internal const int MaxCount = 32;
    internal const int MaxValueBytes = 1024;

    /// <summary>The id of the source that it came from; null when an earlier version has stored them.</summary>
    public string? SourceId { get; init; }

    public string? Find(string name) => Values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}

/// <summary>
/// The headers of the newest delivery that has any count, all of them: those of two deliveries are not mixed. Of several sources the first by id that sends
/// any counts, as for the title: a page must not change with each webhook.
/// </summary>
internal static class RoutingHeadersMerge
{
    /// <returns>The same object when nothing changes.</returns>
    public static RoutingHeaders? With(this RoutingHeaders? known, IReadOnlyDictionary<string, string>? sent, string sourceId, Stamp stamp) =>
        sent is not { Count: > 0 } || IsKept(known, sourceId, stamp) ? known : new RoutingHeaders(Bounded(sent), stamp) { SourceId = sourceId };

    private static bool IsKept(RoutingHeaders? known, string sourceId, Stamp stamp) =>
        known?.SourceId is { } first && first != sourceId ? string.CompareOrdinal(first, sourceId) < 0 : known?.Stamp >= stamp;

    /// <summary>What is over a limit is left out whole: half a mapping would be another one.</summary>
    private static Dictionary<string, string> Bounded(IReadOnlyDictionary<string, string> sent) =>
        sent.Where(IsFitting).OrderBy(header => header.Key, StringComparer.Ordinal).Take(RoutingHeaders.MaxCount)
            .ToDictionary(header => header.Key, header => header.Value, StringComparer.Ordinal);

    private static bool IsFitting(KeyValuePair<string, string> header) =>
        header.Key.Length <= MaxName && Encoding.UTF8.GetByteCount(header.Value) <= RoutingHeaders.MaxValueBytes;

    private const int MaxName = 256;
}
