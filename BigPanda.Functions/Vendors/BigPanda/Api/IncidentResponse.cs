using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Api;

/// <param name="ChangedAt">BigPanda's time of the incident's last change; null when the response has none.</param>
internal sealed record IncidentState(bool IsActive, DateTimeOffset? ChangedAt);

/// <param name="At">Null when the response has no readable time.</param>
/// <param name="By">The user, where BigPanda names one.</param>
internal sealed record IncidentActivity(string Type, DateTimeOffset? At, string? By, string? Comment)
{
    /// <summary>With whom it was shared; null where BigPanda does not name it.</summary>
    public string? ShareTarget { get; init; }

    public bool IsShare => Type == "incident_shared";

    /// <summary>BigPanda's documents have two names for it.</summary>
    public bool IsReopen => Type is "incident_reopen" or "incident_reopened";

    /// <summary>By the API, in the console or by its alerts; BigPanda logs a time-based resolve as one by the API.</summary>
    public bool IsResolve => Type is "incident_resolved_api" or "incident_resolved_ui_manually" or "incident_resolved_by_alerts";

    public bool Says(string comment) => Comment is not null && Words(Comment) == Words(comment);

    /// <summary>White space is ignored: BigPanda may change it.</summary>
    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

internal static class IncidentActivities
{
    /// <returns>Null when there is none; one without a time comes last.</returns>
    public static IncidentActivity? Newest(this IReadOnlyList<IncidentActivity> activities, Func<IncidentActivity, bool> which) =>
        activities.Where(which).MaxBy(activity => activity.At);
}

/// <summary>Reads BigPanda's responses about an incident, leniently: their documented shapes disagree.</summary>
internal static class IncidentResponse
{
    /// <summary>
    /// Reads <c>active</c>, else <c>resolved</c>, else the folder <c>resolved</c>; never <c>status</c>, which is the alerts'. As in a webhook, an ambiguous
    /// value does not count. Null when the response has none of them or is about another incident.
    /// </summary>
    public static IncidentState? Read(string? body, string incidentId) => JsonReading.Read(body, root =>
    {
        if (JsonReading.Text(root, "id") is { } id && id != incidentId) return null;
        return StateOf(root);
    });

    /// <summary>
    /// The incidents of a page: <c>{"total", "items": []}</c>, or a bare array. One whose state is unclear counts as closed, and is then read separately.
    /// Null when the response is no such list: it then does not prove that an incident is missing.
    /// </summary>
    public static IReadOnlyList<(string Id, IncidentState State)>? Search(string? body) => JsonReading.Read(body, root =>
    {
        var items = root.ValueKind == JsonValueKind.Array ? root : JsonReading.Member(root, "items") ?? default;
        if (items.ValueKind != JsonValueKind.Array) return null;
        var found = new List<(string, IncidentState)>();
        foreach (var item in items.EnumerateArray())
        {
            if (JsonReading.Text(item, "id") is not { Length: > 0 } id) return null;
            found.Add((id, StateOf(item) ?? new IncidentState(false, null)));
        }

        return found;
    });

    /// <summary>Null when the response is not a list of activities with types: it then does not prove that an activity is missing.</summary>
    public static IReadOnlyList<IncidentActivity>? Activities(string? body) => JsonReading.Read(body, root =>
    {
        if (root.ValueKind != JsonValueKind.Array) return null;
        var activities = new List<IncidentActivity>();
        foreach (var item in root.EnumerateArray())
        {
            if (Word(JsonReading.Text(item, "type")) is not { Length: > 0 } type) return null;
            var comment = JsonReading.Member(item, "params") is { } details ? JsonReading.Text(details, "comment") : null;
            activities.Add(new IncidentActivity(type, Time(item, "timestamp"), JsonReading.Text(item, "created_by"), comment) { ShareTarget = Target(item) });
        }

        return activities;
    });

    /// <summary>BigPanda documents the name of the member and not its form: a text, or an object with a name or an id.</summary>
    private static string? Target(JsonElement activity)
    {
        if (JsonReading.Member(activity, "params") is not { } details || JsonReading.Member(details, "share_target") is not { } target) return null;
        var name = target.ValueKind == JsonValueKind.Object ? JsonReading.Text(target, "name") ?? JsonReading.Text(target, "id") : JsonValues.Name(target);
        return string.IsNullOrWhiteSpace(name) ? null : name.Trim();
    }

    private static IncidentState? StateOf(JsonElement incident) =>
        IsActive(incident) is { } isActive ? new IncidentState(isActive, Time(incident, "changed_at") ?? Time(incident, "updated_at")) : null;

    private static bool? IsActive(JsonElement incident)
    {
        if ((Flag(incident, "active") ?? !Flag(incident, "resolved")) is { } isActive) return isActive;
        if (JsonReading.Member(incident, "folders") is not { ValueKind: JsonValueKind.Array } folders) return null;
        return !folders.EnumerateArray().Any(folder => Word(JsonValues.Name(folder)) == "resolved");
    }

    private static bool? Flag(JsonElement item, string name) => JsonReading.Member(item, name) is { } value ? JsonValues.Flag(value) : null;

    /// <summary>Read like the times in webhooks, which they are compared with.</summary>
    private static DateTimeOffset? Time(JsonElement item, string name) =>
        JsonReading.Member(item, name) is { } value ? SentTime.Read(value).At : null;

    /// <summary>BigPanda's words are in lower case.</summary>
    private static string? Word(string? text) => text?.Trim().ToLowerInvariant();
}
