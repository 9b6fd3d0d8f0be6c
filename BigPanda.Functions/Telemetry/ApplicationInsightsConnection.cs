namespace BigPanda.Functions.Telemetry;

/// <summary>
/// Checks a connection string before the exporter does: the exporter throws during the host's start, where it cannot be caught, and quotes
/// the string. This check is slightly stricter.
/// </summary>
internal static class ApplicationInsightsConnection
{
    private const int MaxLength = 4096;

    public static bool IsReadable(string text)
    {
        var settings = (text.EndsWith(';') ? text[..^1] : text).Split(';').Select(part => part.Split('=', 2)).ToList();
        return text.Length <= MaxLength
            && settings.TrueForAll(setting =>
                setting is [{ Length: > 0 } name, { Length: > 0 } value] && name.All(char.IsAsciiLetterOrDigit) && IsValid(name.ToUpperInvariant(), value))
            && settings.DistinctBy(setting => setting[0], StringComparer.OrdinalIgnoreCase).Count() == settings.Count
            && settings.Exists(setting => setting[0].Equals("InstrumentationKey", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsValid(string name, string value) => name switch
    {
        "LOCATION" => value.All(char.IsAsciiLetterOrDigit),
        "ENDPOINTSUFFIX" => Uri.CheckHostName(value) == UriHostNameType.Dns,
        _ when name.EndsWith("ENDPOINT", StringComparison.Ordinal) => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https",
        _ => !string.IsNullOrWhiteSpace(value),
    };
}
