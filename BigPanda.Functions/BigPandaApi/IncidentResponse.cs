using System.Text.Json;
using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.BigPandaApi;

/// <param name="ChangedAt">BigPanda's time of the incident's last change; null when the answer has none.</param>
internal sealed record IncidentState(bool IsActive, DateTimeOffset? ChangedAt);

/// <param name="At">Null when the answer has no time that can be read.</param>
/// <param name="By">Who did it, where BigPanda says so.</param>
internal sealed record IncidentActivity(string Type, DateTimeOffset? At, string? By, string? Comment)
{
    /// <summary>Two names are published for it.</summary>
    public bool IsReopen => Type is "incident_reopen" or "incident_reopened";

    /// <summary>By the API, in the console or by its alerts; BigPanda logs a close by time as one by the API.</summary>
    public bool IsResolve => Type is "incident_resolved_api" or "incident_resolved_ui_manually" or "incident_resolved_by_alerts";

    public bool Says(string comment) => Comment is not null && Words(Comment) == Words(comment);

    /// <summary>White space is not compared: it does not survive every way a comment takes.</summary>
    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>Reads BigPanda's answers about an incident: defensively, for their published shapes disagree.</summary>
internal static class IncidentResponse
{
    /// <summary>
    /// Active by <c>active</c>, else by the folder <c>resolved</c>; never by <c>status</c>, which is the alerts'. Null when the answer has
    /// neither, or is about another incident.
    /// </summary>
    public static IncidentState? Read(string? body, string incidentId)
    {
        if (Parse(body) is not { } document) return null;
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "id") is { } id && id != incidentId) return null;
            return IsActive(root) is { } isActive ? new IncidentState(isActive, Time(root, "changed_at") ?? Time(root, "updated_at")) : null;
        }
    }

    /// <summary>Null when the answer is no list of activities, each with its type: then it says nothing, not even that something is missing.</summary>
    public static IReadOnlyList<IncidentActivity>? Activities(string? body)
    {
        if (Parse(body) is not { } document) return null;
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array) return null;
            var activities = new List<IncidentActivity>();
            foreach (var item in document.RootElement.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.Object || Text(item, "type") is not { } type) return null;
                var comment = item.TryGetProperty("params", out var details) && details.ValueKind == JsonValueKind.Object ? Text(details, "comment") : null;
                activities.Add(new IncidentActivity(type, Time(item, "timestamp"), Text(item, "created_by"), comment));
            }

            return activities;
        }
    }

    private static bool? IsActive(JsonElement incident)
    {
        if (incident.TryGetProperty("active", out var active) && active.ValueKind is JsonValueKind.True or JsonValueKind.False) return active.GetBoolean();
        if (!incident.TryGetProperty("folders", out var folders) || folders.ValueKind != JsonValueKind.Array) return null;
        return !folders.EnumerateArray().Any(folder => Text(folder) == "resolved");
    }

    /// <summary>Read as the times of webhooks are: they are compared with those.</summary>
    private static DateTimeOffset? Time(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? SentTime.Read(value).At : null;

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>A comment may hold half a character, cut off on its way: that is JSON, and no text.</summary>
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
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
