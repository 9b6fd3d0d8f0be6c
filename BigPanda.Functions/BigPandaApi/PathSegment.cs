namespace BigPanda.Functions.BigPandaApi;

/// <summary>Text as one segment of a path.</summary>
internal static class PathSegment
{
    /// <summary>
    /// False for a text that no escaping makes a segment: <c>.</c> and <c>..</c> would move the call to another path (RFC 3986, 5.2.4), and an empty one
    /// would be skipped.
    /// </summary>
    public static bool IsPossible(string text) => text is not ("" or "." or "..");

    /// <exception cref="ArgumentException">The text cannot be a segment.</exception>
    public static string Of(string text) => IsPossible(text) ? Uri.EscapeDataString(text) : throw new ArgumentException($"'{text}' cannot be a segment of a path.", nameof(text));
}
