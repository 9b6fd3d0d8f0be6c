using System.Text.Json;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

/// <summary>
/// Reads a body that <see cref="IncidentScanner"/> accepted. A field of the wrong type reads as absent: an alert without its landing
/// page is better than none.
/// </summary>
internal static class IncidentReader
{
    public static Incident Read(ReadOnlySpan<byte> body)
    {
        var reader = IncidentJson.Open(body);
        var draft = new IncidentDraft();
        reader.Read();
        var root = new JsonObjectCursor(ref reader);
        while (root.Next(ref reader, out var name)) Root(ref reader, name, draft);
        return draft.ToIncident();
    }

    private static void Root(ref Utf8JsonReader reader, string name, IncidentDraft draft)
    {
        switch (name)
        {
            case "incident":
                var fields = new JsonObjectCursor(ref reader);
                while (fields.Next(ref reader, out var field)) IncidentField(ref reader, field, draft);
                break;
            case "event_types":
                draft.Events = IncidentParts.Events(ref reader, draft.TimeErrors);
                break;
            default:
                Sibling(ref reader, name, draft);
                break;
        }
    }

    private static void IncidentField(ref Utf8JsonReader reader, string name, IncidentDraft draft)
    {
        switch (name)
        {
            case "id": draft.Id = JsonValues.Text(ref reader); break;
            case "status": draft.Status = JsonValues.Text(ref reader); break;
            case "severity": draft.Severity = JsonValues.Text(ref reader); break;
            case "active": draft.Active = JsonValues.Flag(ref reader); break;
            case "resolved": draft.Resolved = JsonValues.Flag(ref reader); break;
            case "flapping": draft.Flapping = ReadFlag(JsonValues.Flag(ref reader), IncidentFields.Flapping, draft); break;
            case "snooze":
                var (isSnoozed, until) = IncidentParts.Snooze(ref reader, draft.TimeErrors);
                (draft.Snoozed, draft.SnoozedUntil) = (ReadFlag(isSnoozed, IncidentFields.Snooze, draft), until);
                break;
            case "changedOn": draft.ChangedOn = IncidentParts.Time(ref reader, name, draft.TimeErrors); break;
            case "updatedOn": draft.UpdatedOn = IncidentParts.Time(ref reader, name, draft.TimeErrors); break;
            case "alerts": (draft.Alerts, draft.AlertsLeftOut) = IncidentParts.Alerts(ref reader, draft.TimeErrors); break;
            case "event_types": draft.InnerEvents = KeepNonEmpty(IncidentParts.Events(ref reader, draft.TimeErrors), draft.InnerEvents); break;
            default: Sibling(ref reader, name, draft); break;
        }
    }

    /// <summary>BigPanda's table has these inside the incident, its sample beside it: both are read.</summary>
    private static void Sibling(ref Utf8JsonReader reader, string name, IncidentDraft draft)
    {
        switch (name)
        {
            case "links": draft.Url = WebLink.Of(IncidentParts.LandingPage(ref reader)) ?? draft.Url; break;
            case "incidentTags":
                if (TagReader.Read(ref reader, "id") is { } tags) draft.Tags = KeepNonEmpty(tags, draft.Tags, IncidentFields.Tags, draft);
                break;
            case "relatedChanges" when reader.TokenType == JsonTokenType.StartArray:
                draft.RelatedChanges = KeepNonEmpty(RelatedChangeReader.Read(ref reader), draft.RelatedChanges, IncidentFields.RelatedChanges, draft);
                break;
            case "quota" when reader.TokenType != JsonTokenType.Null: draft.Quota = JsonValues.Any(ref reader).Text; break;
            case "metadata":
                var metadata = new JsonObjectCursor(ref reader);
                while (metadata.Next(ref reader, out var key)) Metadata(ref reader, key, draft);
                break;
            default: reader.Skip(); break;
        }
    }

    private static void Metadata(ref Utf8JsonReader reader, string name, IncidentDraft draft)
    {
        switch (name)
        {
            case "environment": draft.EnvironmentName = JsonValues.Name(ref reader); break;
            case "environment_id": draft.EnvironmentId = JsonValues.Name(ref reader); break;
            case "sender": draft.Sender = IncidentParts.Person(ref reader); break;
            case "assignee":
                // With BigPanda's option addAssignments, null means unassigned.
                if (reader.TokenType == JsonTokenType.Null) draft.StatedEmpty |= IncidentFields.Assignee;
                draft.Assignee = IncidentParts.Person(ref reader);
                break;
            case "assigner": draft.Assigner = IncidentParts.Person(ref reader); break;
            case "quota" when reader.TokenType != JsonTokenType.Null: draft.Quota = JsonValues.Any(ref reader).Text; break;
            case "comment": draft.Comment = IncidentParts.Comment(ref reader); break;
            case "event_types": draft.InnerEvents = KeepNonEmpty(IncidentParts.Events(ref reader, draft.TimeErrors), draft.InnerEvents); break;
            default: reader.Skip(); break;
        }
    }

    private static bool ReadFlag(bool? flag, IncidentFields field, IncidentDraft draft)
    {
        if (flag == false) draft.StatedEmpty |= field;
        return flag ?? false;
    }

    private static T KeepNonEmpty<T>(T read, T before, IncidentFields field, IncidentDraft draft)
        where T : System.Collections.ICollection
    {
        if (read.Count == 0) draft.StatedEmpty |= field;
        return KeepNonEmpty(read, before);
    }

    /// <summary>An empty list in one place must not erase a list read in another.</summary>
    private static T KeepNonEmpty<T>(T read, T before)
        where T : System.Collections.ICollection => read.Count > 0 ? read : before;
}
