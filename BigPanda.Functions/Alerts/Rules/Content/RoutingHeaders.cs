using System.Text;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>The <c>x-bp-*</c> headers of a delivery, names in lower case, with its stamp. They say how the incident is paged.</summary>
public sealed record RoutingHeaders(IReadOnlyDictionary<string, string> Values, Stamp Stamp)
{
    internal const int MaxCount = 32;
    internal const int MaxValueBytes = 1024;

    public string? Find(string name) => Values.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}

/// <summary>The headers of the newest delivery that has any count, all of them: those of two deliveries are not mixed.</summary>
internal static class RoutingHeadersMerge
{
    /// <returns>The same object when nothing changes.</returns>
    public static RoutingHeaders? With(this RoutingHeaders? known, IReadOnlyDictionary<string, string>? sent, Stamp stamp)
    {
        if (sent is not { Count: > 0 } || known?.Stamp >= stamp) return known;
        return new RoutingHeaders(Bounded(sent), stamp);
    }

    /// <summary>What is over a limit is left out whole: half a mapping would be another one.</summary>
    private static IReadOnlyDictionary<string, string> Bounded(IReadOnlyDictionary<string, string> sent)
    {
        var isFitting = sent.Count <= RoutingHeaders.MaxCount && sent.All(IsFitting);
        return isFitting ? sent : sent.Where(IsFitting).OrderBy(header => header.Key, StringComparer.Ordinal).Take(RoutingHeaders.MaxCount)
            .ToDictionary(header => header.Key, header => header.Value, StringComparer.Ordinal);
    }

    private static bool IsFitting(KeyValuePair<string, string> header) =>
        header.Key.Length <= MaxName && Encoding.UTF8.GetByteCount(header.Value) <= RoutingHeaders.MaxValueBytes;

    private const int MaxName = 256;
}
