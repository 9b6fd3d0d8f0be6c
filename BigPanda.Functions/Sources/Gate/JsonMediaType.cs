using Microsoft.Net.Http.Headers;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// Decides whether Content-Type declares JSON in UTF-8. Senders write the header in many ways: what has one meaning is accepted, such as an empty
/// parameter (RFC 9110, 5.6.6). JSON has no charset parameter and is UTF-8 (RFC 8259, 11): a charset that UTF-8 includes is accepted.
/// </summary>
internal static class JsonMediaType
{
    internal enum Reading
    {
        Json,
        OtherCharset,
        OtherType,
    }

    public static Reading Of(string? contentType)
    {
        if (contentType is null or "application/json") return Reading.Json;
        var parts = contentType.Split(';', StringSplitOptions.TrimEntries);
        if (parts[0].Length > 0 && !IsJson(parts[0])) return Reading.OtherType;
        foreach (var part in parts[1..])
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && part[..at].TrimEnd().Equals("charset", StringComparison.OrdinalIgnoreCase) && !IsUtf8(part[(at + 1)..])) return Reading.OtherCharset;
        }

        return Reading.Json;
    }

    /// <summary>True when no coding of Content-Encoding compresses: identity, or a charset in the wrong header.</summary>
    public static bool IsPlain(string? contentEncoding) => contentEncoding is null || contentEncoding.Split(',', StringSplitOptions.TrimEntries)
        .All(coding => coding.Length == 0 || coding.Equals("identity", StringComparison.OrdinalIgnoreCase) || IsUtf8(coding));

    private static bool IsJson(string type) =>
        type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || (type.EndsWith("+json", StringComparison.OrdinalIgnoreCase) && MediaTypeHeaderValue.TryParse(type, out _));

    private static bool IsUtf8(string charset)
    {
        var name = charset.Trim().Trim('"', '\'').Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return name.ToLowerInvariant() is "" or "utf8" or "utf8mb4" or "usascii" or "ascii";
    }
}
