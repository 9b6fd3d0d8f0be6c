using System.Text.Json;
using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.BigPandaApi;

/// <param name="ChangedAt">BigPanda's time of the incident's last change; null when the response has none.</param>
internal sealed record IncidentState(bool IsActive, DateTimeOffset? ChangedAt);

/// <param name="At">Null when the response has no readable time.</param>
/// <param name="By">The user, where BigPanda names one.</param>
internal sealed record IncidentActivity(string Type, DateTimeOffset? At, string? By, string? Comment)
{
    /// <summary>BigPanda's documents have two names for it.</summary>
    public bool IsReopen => Type is "incident_reopen" or "incident_reopened";

    /// <summary>By the API, in the console or by its alerts; BigPanda logs a time-based resolve as one by the API.</summary>
    public bool IsResolve => Type is "incident_resolved_api" or "incident_resolved_ui_manually" or "incident_resolved_by_alerts";

    public bool Says(string comment) => Comment is not null && Words(Comment) == Words(comment);

    /// <summary>White space is ignored: BigPanda may change it.</summary>
    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>Reads BigPanda's responses about an incident, leniently: their documented shapes disagree.</summary>
internal static class IncidentResponse
{
    /// <summary>
    /// Reads <c>active</c>, else the folder <c>resolved</c>; never <c>status</c>, which is the alerts'. Null when the response has neither or is
    /// about another incident.
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

    /// <summary>Null when the response is not a list of activities with types: it then does not prove that an activity is missing.</summary>
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
                var comment = item.TryGetProperty("params", out var details) && details.ValueKind == JsonValueKind.Object
                    ? Text(details, "comment")
                    : null;
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

    /// <summary>Read like the times in webhooks, which they are compared with.</summary>
    private static DateTimeOffset? Time(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? SentTime.Read(value).At : null;

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>A truncated comment may end in half a surrogate pair: valid JSON, but not a readable string.</summary>
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
