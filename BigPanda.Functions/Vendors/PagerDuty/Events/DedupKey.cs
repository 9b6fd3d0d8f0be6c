using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Vendors.PagerDuty.Events;

/// <summary>
/// The <c>dedup_key</c> of a page: <c>bigpanda:{incident id}:{page id}</c>. A page id has no colon, an incident id may have any character. An incident id that
/// does not fit into PagerDuty's 255 characters, or that JSON could change, is replaced by its hash: the table Pages has the incident of such a key.
/// Source: developer.pagerduty.com/docs/send-alert-event.
/// </summary>
/// <param name="IncidentId">Null when the key has the incident's hash.</param>
internal sealed record DedupKey(string Text, string? IncidentId, string PageId)
{
    public const int MaxLength = 255;

    private const string Prefix = "bigpanda:";
    private const string Hashed = "sha256:";

    public static DedupKey Of(string incidentId, string pageId)
    {
        var plain = $"{Prefix}{incidentId}:{pageId}";
        // An id that looks like a hash would be read as one.
        return plain.Length <= MaxLength && !incidentId.StartsWith(Hashed, StringComparison.Ordinal) && IsUnchangeable(incidentId)
            ? new DedupKey(plain, incidentId, pageId)
            : new DedupKey($"{Prefix}{Hashed}{HashOf(incidentId)}:{pageId}", null, pageId);
    }

    /// <summary>False for the key of another sender.</summary>
    public static bool TryRead([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DedupKey? key)
    {
        key = null;
        if (text is null || text.Length > MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var end = text.LastIndexOf(':');
        if (end <= Prefix.Length || !Page.IsId(text.AsSpan(end + 1))) return false;
        var (incident, page) = (text[Prefix.Length..end], text[(end + 1)..]);
        key = new DedupKey(text, incident.StartsWith(Hashed, StringComparison.Ordinal) ? null : incident, page);
        return true;
    }

    /// <summary>Of the UTF-16 units: an encoding would replace half a surrogate pair.</summary>
    private static string HashOf(string incidentId) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(incidentId.AsSpan())));

    private static bool IsUnchangeable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // Half a surrogate pair is enumerated as the replacement character.
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune)) return false;
        }

        return true;
    }
}
