using System.Text.Json;

namespace BigPanda.Functions.Tests.Monitors;

/// <summary>
/// What BigPanda's Alerts API takes, from its documentation alone (docs.bigpanda.io/reference/alert-object, /docs/tag-naming): an independent check
/// of what the bridge sends.
/// </summary>
internal static class AlertsApi
{
    private static readonly string[] Statuses = ["ok", "critical", "warning", "unknown", "acknowledged"];
    private static readonly string[] Primary = ["host", "service", "application", "device"];

    /// <returns>Everything that is wrong; empty for a valid alert.</returns>
    public static IReadOnlyList<string> Errors(ReadOnlySpan<byte> json)
    {
        List<string> errors = [];
        using var document = JsonDocument.Parse(json.ToArray());
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) return ["not an object"];
        var members = root.EnumerateObject().ToList();
        errors.AddRange(members.GroupBy(member => member.Name).Where(same => same.Count() > 1).Select(same => $"{same.Key} appears twice"));
        errors.AddRange(members.SelectMany(member => Errors(member.Name, member.Value)));
        if (!members.Exists(member => member.Name == "status" && member.Value.ValueKind == JsonValueKind.String && Statuses.Contains(member.Value.GetString())))
            errors.Add("status is none of the five");
        if (!members.Exists(member => member.Name == "timestamp" && IsSeconds(member.Value))) errors.Add("timestamp is not in seconds of this century");
        string[] primary = root.TryGetProperty("primary_property", out var named) ? [named.GetString() ?? ""] : Primary;
        if (!members.Exists(member => primary.Contains(member.Name) && !IsBlank(member.Value))) errors.Add("no primary property");
        return errors;
    }

    private static IEnumerable<string> Errors(string name, JsonElement value)
    {
        if (name is "status" or "timestamp") yield break;
        if (name.Length == 0) yield return "a property without a name";
        var longest = name == "description" ? 2048 : 512;
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (items.Length is 0 or > 30) yield return $"{name} has {items.Length} values";
        foreach (var item in items)
        {
            if (item.ValueKind == JsonValueKind.String && (item.GetString() ?? "").Length > longest) yield return $"{name} is too long";
            else if (item.ValueKind == JsonValueKind.Number && !item.TryGetInt64(out _)) yield return $"{name} is no whole number";
            else if (item.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)) yield return $"{name} holds {item.ValueKind}";
        }
    }

    private static bool IsSeconds(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is >= 946_684_800 and < 4_102_444_800;

    private static bool IsBlank(JsonElement value) => value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString());
}
