namespace BigPanda.Functions.Http;

/// <summary>Servers decode a path except for %2F, which would look like a separator: an id with a slash arrives half decoded.</summary>
internal static class RouteText
{
    public static string Decode(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
