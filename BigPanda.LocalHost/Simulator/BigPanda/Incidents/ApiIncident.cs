using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>An incident in the REST API's form, which has other names and fewer fields than the webhook.</summary>
internal static class ApiIncident
{
    public static JsonObject From(SimulatedIncident incident, bool expandAlerts) => new()
    {
        ["id"] = incident.Id,
        ["status"] = Capitalised(incident.Status),
        ["active"] = incident.Active,
        ["severity"] = Capitalised(incident.Severity),
        ["flapping"] = false,
        ["shared"] = true,
        ["maintenance"] = new JsonObject(),
        ["start"] = incident.StartedOn,
        ["changed_at"] = incident.ChangedOn,
        ["updated_at"] = incident.UpdatedOn,
        ["end"] = incident.EndedOn,
        ["alerts"] = new JsonArray([.. incident.Alerts.Select(a => expandAlerts ? Expanded(a) : new JsonObject { ["alert_id"] = a.Id })]),
        ["environments"] = new JsonArray(incident.EnvironmentId),
        ["folders"] = new JsonArray([.. Folders(incident).Select(f => JsonValue.Create(f))]),
        ["incident_tags"] = new JsonArray([.. incident.Tags.Select(Tag)]),
        ["correlation_matchers_log"] = new JsonArray(),
    };

    public static JsonObject From(SimulatedActivity activity)
    {
        var parameters = new JsonObject();
        if (activity.Comment is not null)
            parameters["comment"] = activity.Comment;
        if (activity.ShareTarget is not null)
            parameters["share_target"] = activity.ShareTarget;
        return new()
        {
            ["id"] = activity.Id,
            ["type"] = activity.Type,
            ["timestamp"] = activity.At,
            ["created_by"] = "simulator",
            ["params"] = parameters,
        };
    }

    public static IEnumerable<string> Folders(SimulatedIncident incident)
    {
        yield return incident.Active ? "active" : "resolved";
        yield return "shared";
        if (incident.Snoozed)
            yield return "snoozed";
    }

    private static JsonObject Expanded(SimulatedAlert alert) => new()
    {
        ["alert_id"] = alert.Id,
        ["status"] = alert.Status,
        ["active"] = alert.Active,
        ["description"] = alert.Description,
        ["start"] = alert.StartedOn,
        ["changed_at"] = alert.ChangedOn,
        ["updated_at"] = alert.UpdatedOn,
        ["end"] = alert.EndedOn,
    };

    private static JsonObject Tag(SimulatedTag tag) => new()
    {
        ["tag_id"] = tag.Id,
        ["tag_value"] = tag.Number is { } number ? JsonValue.Create(number) : JsonValue.Create(tag.Text),
    };

    // BigPanda's samples of API and webhook capitalise these words; its reference tables do not.
    public static string Capitalised(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
