namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>Accepts links from outside that people will click: <c>http</c> and <c>https</c> only, never <c>javascript:</c> or <c>data:</c>.</summary>
internal static class WebLink
{
    /// <returns>Null for anything else.</returns>
    public static string? Of(string? text) =>
        text?.Trim() is { } address && !address.Any(char.IsControl)
        && Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? address
            : null;
}
