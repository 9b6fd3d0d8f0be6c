using System.Text.Json;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

/// <summary>Reads the objects and lists within a body.</summary>
internal static class IncidentParts
{
    private const int MaxAlerts = 1000;

    /// <summary>A list of <c>{"event", "time"}</c>, as BigPanda sends it; also names without times, and one event without a list.</summary>
    public static List<IncidentEvent> Events(ref Utf8JsonReader reader, List<TimeError> errors)
    {
        var events = new List<IncidentEvent>();
        if (reader.TokenType != JsonTokenType.StartArray) Event(ref reader, events, errors);
        else while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Event(ref reader, events, errors);
        return events;
    }

    private static void Event(ref Utf8JsonReader reader, List<IncidentEvent> events, List<TimeError> errors)
    {
        string? name = null;
        DateTimeOffset? time = null;
        if (reader.TokenType == JsonTokenType.String)
        {
            name = JsonText.Read(ref reader);
        }
        else
        {
            var fields = new JsonObjectCursor(ref reader);
            while (fields.Next(ref reader, out var field))
            {
                if (field == "event") name = JsonValues.Text(ref reader);
                else if (field == "time") time = Time(ref reader, "event_types[].time", errors);
                else reader.Skip();
            }
        }

        if (!string.IsNullOrWhiteSpace(name)) events.Add(new IncidentEvent(IncidentEvents.Of(name), time));
    }

    /// <summary>Null, and added to the errors, if it cannot be read.</summary>
    public static DateTimeOffset? Time(ref Utf8JsonReader reader, string field, List<TimeError> errors)
    {
        var sent = SentTime.Read(ref reader);
        if (sent.Unreadable is { } written) errors.AddFirst(field, written, TimeErrorKind.Unreadable);
        return sent.At;
    }

    /// <summary>Bounded: the largest body could hold millions.</summary>
    public static (List<IncidentAlert> Alerts, int LeftOut) Alerts(ref Utf8JsonReader reader, List<TimeError> errors)
    {
        var alerts = new List<IncidentAlert>();
        var leftOut = 0;
        var list = new JsonListCursor(ref reader);
        while (list.NextObject(ref reader))
        {
            if (alerts.Count < MaxAlerts)
            {
                alerts.Add(Alert(ref reader, errors));
                continue;
            }

            reader.Skip();
            leftOut++;
        }

        return (alerts, leftOut);
    }

    /// <summary>BigPanda's sample names the end <c>wake</c>, its table <c>end_time</c>.</summary>
    public static (bool? Snoozed, DateTimeOffset? Until) Snooze(ref Utf8JsonReader reader, List<TimeError> errors)
    {
        bool? snoozed = null;
        DateTimeOffset? until = null;
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            if (field == "snoozed") snoozed = JsonValues.Flag(ref reader);
            else if (field is "wake" or "end_time") until = Time(ref reader, $"snooze.{field}", errors) ?? until;
            else reader.Skip();
        }

        return (snoozed, until);
    }

    /// <summary>BigPanda's table says that links is a string, its sample has an object.</summary>
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
        if (reader.TokenType == JsonTokenType.String) return JsonText.Read(ref reader);
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

    private static IncidentAlert Alert(ref Utf8JsonReader reader, List<TimeError> errors)
    {
        var alert = new IncidentAlert();
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            switch (field)
            {
                case "id": alert = alert with { Id = JsonValues.Name(ref reader) }; break;
                case "status": alert = alert with { Status = JsonValues.Text(ref reader) }; break;
                case "sourceSystem": alert = alert with { Source = JsonValues.Text(ref reader) }; break;
                case "description": alert = alert with { Description = JsonValues.Text(ref reader) }; break;
                case "primaryProperty": alert = alert with { PrimaryProperty = JsonValues.Text(ref reader) }; break;
                case "secondaryProperty": alert = alert with { SecondaryProperty = JsonValues.Text(ref reader) }; break;
                case "tags": alert = alert with { Tags = TagReader.Read(ref reader, "name") ?? alert.Tags }; break;
                case "changedOn" or "updatedOn":
                    var changedOn = Time(ref reader, $"alerts[].{field}", errors);
                    alert = alert with { ChangedOn = Later(alert.ChangedOn, changedOn) };
                    break;
                default: reader.Skip(); break;
            }
        }

        return alert;
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one > other || other is null ? one : other;
}
