using System.Text.Json;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>Reads BigPanda's answers about an incident: defensively, for their published shapes disagree.</summary>
internal static class IncidentAnswer
{
    /// <summary>
    /// By <c>active</c>, else by the folder <c>resolved</c>; never by <c>status</c>, which is the alerts'. Null when the answer has neither.
    /// </summary>
    public static bool? IsActive(string? body)
    {
        if (Parse(body) is not { } document) return null;
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            if (root.TryGetProperty("active", out var active) && active.ValueKind is JsonValueKind.True or JsonValueKind.False) return active.GetBoolean();
            if (!root.TryGetProperty("folders", out var folders) || folders.ValueKind != JsonValueKind.Array) return null;
            return !folders.EnumerateArray().Any(folder => Says(folder, "resolved"));
        }
    }

    public static bool HasComment(string? body, string comment)
    {
        if (Parse(body) is not { } document) return false;
        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.EnumerateArray().Any(activity =>
                activity.ValueKind == JsonValueKind.Object
                && activity.TryGetProperty("params", out var details) && details.ValueKind == JsonValueKind.Object
                && details.TryGetProperty("comment", out var text) && Says(text, comment));
        }
    }

    /// <summary>Somebody's comment may hold half a character, cut off on its way: that is JSON, and no text.</summary>
    private static bool Says(JsonElement value, string text)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && value.ValueEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static JsonDocument? Parse(string? body)
    {
        try
        {
            return body is null ? null : JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
