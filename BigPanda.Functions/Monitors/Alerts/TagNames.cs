using System.Collections.Frozen;

namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>Makes tag names that BigPanda can search: a to z, digits, _ and -, a letter first, 64 characters (docs.bigpanda.io/docs/tag-naming).</summary>
internal static class TagNames
{
    /// <summary>Have a meaning in the Alerts API; a label or custom property of the name must not take its place.</summary>
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        "app_key", "status", "timestamp", "description", "incident_identifier", "primary_property", "secondary_property", "alerts");

    public static bool IsReserved(string name) => Reserved.Contains(name);

    public static string Safe(string name)
    {
        Span<char> safe = stackalloc char[AlertLimits.SearchableName];
        var length = 0;
        foreach (var sent in name)
        {
            var c = char.ToLowerInvariant(sent);
            var isLetter = c is >= 'a' and <= 'z';
            if (length == 0 && char.IsAsciiDigit(c)) (safe[length++], safe[length++]) = ('n', '_');
            if (length > 0 || isLetter) safe[length++] = isLetter || char.IsAsciiDigit(c) || c == '-' ? c : '_';
            if (length == safe.Length) break;
        }

        var trimmed = safe[..length].TrimEnd('_');
        return trimmed.IsEmpty ? "tag" : trimmed.ToString();
    }
}
