using System.Text.Json;

namespace BigPanda.Functions.Incidents;

/// <summary>The parts of a body that are objects or lists of their own.</summary>
internal static class IncidentParts
{
    private const int MaxAlerts = 1000;

    public static List<IncidentEvent> Events(ref Utf8JsonReader reader)
    {
        var events = new List<IncidentEvent>();
        var list = new JsonListCursor(ref reader);
        while (list.NextObject(ref reader))
        {
            string? name = null;
            DateTimeOffset? time = null;
            var fields = new JsonObjectCursor(ref reader);
            while (fields.Next(ref reader, out var field))
            {
                if (field == "event") name = JsonValues.Text(ref reader);
                else if (field == "time") time = JsonValues.Time(ref reader);
                else reader.Skip();
            }

            if (!string.IsNullOrWhiteSpace(name)) events.Add(new IncidentEvent(name, time));
        }

        return events;
    }

    /// <summary>Bounded, because a body of the largest size could hold millions.</summary>
    public static (List<IncidentAlert> Alerts, int LeftOut) Alerts(ref Utf8JsonReader reader)
    {
        var alerts = new List<IncidentAlert>();
        var leftOut = 0;
        var list = new JsonListCursor(ref reader);
        while (list.NextObject(ref reader))
        {
            if (alerts.Count < MaxAlerts)
            {
                alerts.Add(Alert(ref reader));
                continue;
            }

            reader.Skip();
            leftOut++;
        }

        return (alerts, leftOut);
    }

    /// <param name="nameField">The field that names a tag: <c>id</c> on incident tags, <c>name</c> on alert tags.</param>
    public static Dictionary<string, TagValue> Tags(ref Utf8JsonReader reader, string nameField)
    {
        var tags = new Dictionary<string, TagValue>();
        var list = new JsonListCursor(ref reader);
        while (list.NextObject(ref reader))
        {
            string? name = null;
            var value = new TagValue("null");
            var fields = new JsonObjectCursor(ref reader);
            while (fields.Next(ref reader, out var field))
            {
                if (field == nameField) name = JsonValues.Text(ref reader);
                else if (field == "value") value = JsonValues.Any(ref reader);
                else reader.Skip();
            }

            if (!string.IsNullOrEmpty(name)) tags[name] = value;
        }

        return tags;
    }

    /// <summary>The sample has <c>wake</c> for the end, the table <c>end_time</c>.</summary>
    public static (bool Snoozed, DateTimeOffset? Until) Snooze(ref Utf8JsonReader reader)
    {
        var snoozed = false;
        DateTimeOffset? until = null;
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            if (field == "snoozed") snoozed = JsonValues.Flag(ref reader) ?? false;
            else if (field is "wake" or "end_time") until = JsonValues.Time(ref reader) ?? until;
            else reader.Skip();
        }

        return (snoozed, until);
    }

    /// <summary>The page's table calls links a string, its sample shows an object.</summary>
    public static string? LandingPage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return JsonText.Read(ref reader);
        string? page = null;
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            if (field == "landingPage") page = JsonValues.Text(ref reader);
            else reader.Skip();
        }

        return page;
    }

    public static string? Person(ref Utf8JsonReader reader)
    {
        string? name = null, email = null;
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            if (field == "name") name = JsonValues.Text(ref reader);
            else if (field == "email") email = JsonValues.Text(ref reader);
            else reader.Skip();
        }

        return string.IsNullOrWhiteSpace(name) ? email : name;
    }

    public static string? Comment(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return JsonText.Read(ref reader);
        string? comment = null;
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            if (field == "comment") comment = JsonValues.Text(ref reader);
            else reader.Skip();
        }

        return comment;
    }

    private static IncidentAlert Alert(ref Utf8JsonReader reader)
    {
        var alert = new IncidentAlert();
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            switch (field)
            {
                case "id": alert = alert with { Id = JsonValues.Text(ref reader) }; break;
                case "status": alert = alert with { Status = JsonValues.Text(ref reader) }; break;
                case "sourceSystem": alert = alert with { Source = JsonValues.Text(ref reader) }; break;
                case "description": alert = alert with { Description = JsonValues.Text(ref reader) }; break;
                case "primaryProperty": alert = alert with { PrimaryProperty = JsonValues.Text(ref reader) }; break;
                case "secondaryProperty": alert = alert with { SecondaryProperty = JsonValues.Text(ref reader) }; break;
                case "tags": alert = alert with { Tags = Tags(ref reader, "name") }; break;
                default: reader.Skip(); break;
            }
        }

        return alert;
    }
}
