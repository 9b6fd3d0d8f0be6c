namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>The parts of an Azure resource id; anything else, such as a host name, is a name alone. The case of the parts differs within one body.</summary>
internal sealed record ArmId(string Text, string Name, string? Subscription = null, string? ResourceGroup = null, string? Type = null)
{
    /// <summary>Longer than any resource id.</summary>
    private const int MaxLength = 2048;

    /// <summary>The same for every spelling of the id.</summary>
    public string Key => Text.Trim('/').ToLowerInvariant();

    /// <returns>Null for a blank text.</returns>
    public static ArmId? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var id = text.Trim();
        if (id.Length > MaxLength || !id.StartsWith('/')) return new ArmId(id, id);
        var parts = id.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0 ? null : new ArmId(id, parts[^1], After(parts, "subscriptions"), After(parts, "resourceGroups"), TypeOf(parts));
    }

    private static string? After(string[] parts, string name) =>
        Array.FindIndex(parts, part => part.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at ? parts.ElementAtOrDefault(at + 1) : null;

    /// <summary>The namespace behind the last "providers", and every second part from there: Microsoft.Sql/servers/databases.</summary>
    private static string? TypeOf(string[] parts)
    {
        var at = Array.FindLastIndex(parts, part => part.Equals("providers", StringComparison.OrdinalIgnoreCase));
        return at < 0 || at + 2 >= parts.Length
            ? null
            : string.Join('/', parts.Skip(at + 1).Where((_, i) => i == 0 || i % 2 == 1));
    }
}
