namespace BigPanda.Functions.Outbound;

internal static class PathSegment
{
    /// <summary>
    /// False for text that escaping cannot make a segment: <c>.</c> and <c>..</c> would move the call to another path (RFC 3986, 5.2.4), and an
    /// empty one would be skipped.
    /// </summary>
    public static bool IsPossible(string text) => text is not ("" or "." or "..");

    /// <exception cref="ArgumentException">The text cannot be a segment.</exception>
    public static string Of(string text) =>
        IsPossible(text) ? Uri.EscapeDataString(text) : throw new ArgumentException($"'{text}' cannot be a path segment.", nameof(text));
}
