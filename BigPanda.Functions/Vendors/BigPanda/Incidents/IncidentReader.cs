using System.Text.Json;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

/// <summary>
/// Reads a body that <see cref="IncidentScanner"/> accepted. A field of the wrong type reads as absent: an alert without its landing
/// page is better than none.
/// </summary>
internal sealed class IncidentReader
{
    private readonly List<TimeError> _errors = [];
    private Incident _incident = new() { Id = "" };
    private string? _environmentId;
    private string? _environmentName;

    /// <summary>Those inside the incident or its metadata. BigPanda's sample has them at the top level.</summary>
    private List<IncidentEvent> _innerEvents = [];

    public static Incident Read(ReadOnlySpan<byte> body)
    {
        var json = ReceivedJson.Open(body);
        var reader = new IncidentReader();
        json.Read();
        var root = new JsonObjectCursor(ref json);
        while (root.Next(ref json, out var name)) reader.Root(ref json, name);
        return reader.Finish();
    }

    private Incident Finish()
    {
        if (_incident.Id.Length == 0) throw new FormatException("The body has no incident.id. Scan it before reading.");
        var events = _incident.Events.Count > 0 ? _incident.Events : _innerEvents;
        // An empty tag list counts only with this event: otherwise the webhook's template may omit tags.
        var isTagRemoved = events.Any(evt => evt.Name == IncidentEvents.TagRemoved);
        return _incident with
        {
            Events = events,
            TimeErrors = _errors,
            AlertsChangedOn = _incident.Alerts.Max(alert => alert.ChangedOn),
            Environment = _environmentId is null && _environmentName is null ? null : new IncidentEnvironment(_environmentId, _environmentName),
            StatedEmpty = _incident.StatedEmpty & ~(isTagRemoved ? IncidentFields.None : IncidentFields.Tags),
        };
    }

    private void Root(ref Utf8JsonReader reader, string name)
    {
        switch (name)
        {
            case "incident":
                var fields = new JsonObjectCursor(ref reader);
                while (fields.Next(ref reader, out var field)) IncidentField(ref reader, field);
                break;
            case "event_types":
                Set(_incident with { Events = IncidentParts.Events(ref reader, _errors) });
                break;
            default:
                Sibling(ref reader, name);
                break;
        }
    }

    private void IncidentField(ref Utf8JsonReader reader, string name)
    {
        switch (name)
        {
            case "id": Set(_incident with { Id = JsonValues.Text(ref reader) ?? "" }); break;
            case "status": Set(_incident with { Status = JsonValues.Text(ref reader) }); break;
            case "severity": Set(_incident with { Severity = JsonValues.Text(ref reader) }); break;
            case "active": Set(_incident with { Active = JsonValues.Flag(ref reader) }); break;
            case "resolved": Set(_incident with { Resolved = JsonValues.Flag(ref reader) }); break;
            case "flapping":
                var isFlapping = JsonValues.Flag(ref reader);
                Set(Stated(isFlapping, IncidentFields.Flapping) with { Flapping = isFlapping ?? false });
                break;
            case "snooze":
                var (isSnoozed, until) = IncidentParts.Snooze(ref reader, _errors);
                Set(Stated(isSnoozed, IncidentFields.Snooze) with { Snoozed = isSnoozed ?? false, SnoozedUntil = until });
                break;
            case "changedOn": Set(_incident with { ChangedOn = IncidentParts.Time(ref reader, name, _errors) }); break;
            case "updatedOn": Set(_incident with { UpdatedOn = IncidentParts.Time(ref reader, name, _errors) }); break;
            case "alerts":
                var (alerts, leftOut) = IncidentParts.Alerts(ref reader, _errors);
                Set(_incident with { Alerts = alerts, AlertsLeftOut = leftOut });
                break;
            case "event_types": KeepInnerEvents(IncidentParts.Events(ref reader, _errors)); break;
            default: Sibling(ref reader, name); break;
        }
    }

    /// <summary>BigPanda's table has these inside the incident, its sample beside it: both are read.</summary>
    private void Sibling(ref Utf8JsonReader reader, string name)
    {
        switch (name)
        {
            case "links": Set(_incident with { Url = WebLink.Of(IncidentParts.LandingPage(ref reader)) ?? _incident.Url }); break;
            case "incidentTags":
                if (TagReader.Read(ref reader, "id") is { } tags) Set(tags.Count > 0 ? _incident with { Tags = tags } : StatedEmpty(IncidentFields.Tags));
                break;
            case "relatedChanges" when reader.TokenType == JsonTokenType.StartArray:
                var changes = RelatedChangeReader.Read(ref reader);
                Set(changes.Count > 0 ? _incident with { RelatedChanges = changes } : StatedEmpty(IncidentFields.RelatedChanges));
                break;
            case "quota" when reader.TokenType != JsonTokenType.Null: Set(_incident with { Quota = JsonValues.Any(ref reader).Text }); break;
            case "metadata":
                var metadata = new JsonObjectCursor(ref reader);
                while (metadata.Next(ref reader, out var key)) Metadata(ref reader, key);
                break;
            default: reader.Skip(); break;
        }
    }

    private void Metadata(ref Utf8JsonReader reader, string name)
    {
        switch (name)
        {
            case "environment": _environmentName = JsonValues.Name(ref reader); break;
            case "environment_id": _environmentId = JsonValues.Name(ref reader); break;
            case "sender": Set(_incident with { Sender = IncidentParts.Person(ref reader) }); break;
            case "assignee":
                // With BigPanda's option addAssignments, null means unassigned.
                if (reader.TokenType == JsonTokenType.Null) Set(StatedEmpty(IncidentFields.Assignee));
                Set(_incident with { Assignee = IncidentParts.Person(ref reader) });
                break;
            case "assigner": Set(_incident with { Assigner = IncidentParts.Person(ref reader) }); break;
            case "quota" when reader.TokenType != JsonTokenType.Null: Set(_incident with { Quota = JsonValues.Any(ref reader).Text }); break;
            case "comment": Set(_incident with { Comment = IncidentParts.Comment(ref reader) }); break;
            case "event_types": KeepInnerEvents(IncidentParts.Events(ref reader, _errors)); break;
            default: reader.Skip(); break;
        }
    }

    private void Set(Incident incident) => _incident = incident;

    private Incident StatedEmpty(IncidentFields field) => _incident with { StatedEmpty = _incident.StatedEmpty | field };

    private Incident Stated(bool? flag, IncidentFields field) => flag == false ? StatedEmpty(field) : _incident;

    /// <summary>An empty list in one place must not erase a list read in another.</summary>
    private void KeepInnerEvents(List<IncidentEvent> events)
    {
        if (events.Count > 0) _innerEvents = events;
    }
}
