using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Events;

/// <summary>Writes <c>custom_details</c>: what the alert shows, its most severe alerts first, until the event is full, and what was cut.</summary>
internal sealed class EventDetails : IDisposable
{
    private const int MaxText = 1024;
    private const int MaxTag = 8 * 1024;
    private const int MaxTagOfAlert = 512;

    private const int MappedBytes = 64 * 1024;
    private const int TagBytes = 128 * 1024;
    private const int ChangeBytes = 64 * 1024;
    private const int TagBytesOfAlert = 8 * 1024;

    /// <summary>For the sentences about what was left out, and the ends of the open objects.</summary>
    private const int ReservedBytes = 16 * 1024;

    private const int MaxOmitted = 2000;

    /// <summary>In falling order; another word goes first.</summary>
    private static readonly string[] Statuses = ["critical", "warning", "unknown", "acknowledged", "ok"];

    private readonly Utf8JsonWriter _json;
    private readonly List<string> _cuts;
    private readonly SizedJson _sized;

    /// <summary>A name may be used once: what a mapped tag fills replaces the detail of the same name.</summary>
    private readonly HashSet<string> _names = ["omitted"];

    private EventDetails(Utf8JsonWriter json, List<string> cuts) => (_json, _cuts, _sized) = (json, cuts, new SizedJson(json));

    private int BytesLeft => PageEvent.MaxBytes - ReservedBytes - _sized.Bytes;

    /// <param name="cuts">Completed here.</param>
    public static void Write(Utf8JsonWriter json, Alert alert, PageMapping mapping, List<string> cuts)
    {
        using var details = new EventDetails(json, cuts);
        details.Write(alert, mapping);
    }

    public void Dispose() => _sized.Dispose();

    private void Write(Alert alert, PageMapping mapping)
    {
        var content = alert.Content;
        _json.WriteStartObject("custom_details");
        WriteMapped(content, mapping);
        WriteText("incident", alert.IncidentId);
        WriteText("status", content.IncidentStatus);
        WriteText("severity", content.Severity);
        WriteText("environment", AlertTitle.Environments(content));
        if (mapping.ShowsPriority) WriteText("priority", content.Priority);
        if (mapping.ShowsAssignee) WriteText("assignee", content.Assignee);
        if (content.Snoozed) WriteText("snoozed", "yes");
        if (content.Flapping) WriteText("flapping", "yes");
        if (_names.Add("episode")) _json.WriteNumber("episode", alert.Life.Episode);
        if (_names.Add("alertCount")) _json.WriteNumber("alertCount", content.Alerts.Count);
        if (content.Tags.Count > 0 && _names.Add("tags")) WriteTags(content, mapping);
        if (content.RelatedChanges.Count > 0 && _names.Add("changes"))
            WriteList("changes", content.RelatedChanges, WriteChange, Math.Min(ChangeBytes, BytesLeft));
        if (content.Alerts.Count > 0 && _names.Add("alerts"))
            WriteList("alerts", [.. content.Alerts.OrderBy(Rank)], (item, one) => WriteAlert(item, one, mapping), BytesLeft);
        if (content.Omitted is { } missing) _cuts.Add(missing.TrimEnd('.'));
        if (_cuts.Count > 0) _json.WriteString("omitted", EventText.Line(string.Join("; ", _cuts), MaxOmitted));
        _json.WriteEndObject();
    }

    private void Say(FormattableString cut) => _cuts.Add(FormattableString.Invariant(cut));

    private void WriteMapped(AlertContent content, PageMapping mapping)
    {
        var left = MappedBytes;
        foreach (var field in mapping.Tags.Select(tag => tag.Field).Distinct())
        {
            if (!field.StartsWith(PageFields.Details, StringComparison.Ordinal) || mapping.ValueOf(content, field) is not { } value) continue;
            var name = EventText.Line(field[PageFields.Details.Length..], MaxText);
            if (!_names.Add(name) || !_sized.TryWrite(name, item => item.WriteStringValue(EventText.Lines(value, MaxTag)), ref left))
                Say($"not shown: the detail “{EventText.Line(name, 100)}”");
            else if (value.Length > MaxTag)
                Say($"cut at {MaxTag:N0} characters: the detail “{EventText.Line(name, 100)}”");
        }
    }

    private void WriteText(string name, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text) && _names.Add(name)) _json.WriteString(name, EventText.Line(text, MaxText));
    }

    private void WriteTags(AlertContent content, PageMapping mapping)
    {
        _json.WriteStartObject("tags");
        var (leftOut, cut) = EventTags.Write(_sized, content.Tags, mapping, MaxTag, Math.Min(TagBytes, BytesLeft));
        _json.WriteEndObject();
        if (leftOut > 0) Say($"not shown: {leftOut:N0} of {content.Tags.Count:N0} tags");
        if (cut > 0) Say($"cut at {MaxTag:N0} characters: {cut:N0} of {content.Tags.Count:N0} tags");
    }

    /// <summary>Ends with the first item that does not fit, so that no later one is shown in its place.</summary>
    private void WriteList<T>(string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write, int left)
    {
        _json.WriteStartArray(name);
        var shown = 0;
        while (shown < items.Count && _sized.TryWrite(null, item => write(item, items[shown]), ref left)) shown++;
        _json.WriteEndArray();
        if (shown < items.Count) Say($"not shown: {items.Count - shown:N0} of {items.Count:N0} {name}");
    }

    private static void WriteAlert(Utf8JsonWriter json, AlertDetail alert, PageMapping mapping)
    {
        json.WriteStartObject();
        WriteMember(json, "id", alert.Id);
        WriteMember(json, "status", alert.Status);
        WriteMember(json, "source", alert.Source);
        WriteMember(json, "description", alert.Description);
        if (alert.Tags.Count > 0)
        {
            json.WriteStartObject("tags");
            using var sized = new SizedJson(json);
            var (leftOut, cut) = EventTags.Write(sized, alert.Tags, mapping, MaxTagOfAlert, TagBytesOfAlert);
            json.WriteEndObject();
            if (leftOut + cut > 0) json.WriteString("omitted", $"tags not shown: {leftOut}; tags cut: {cut}");
        }

        json.WriteEndObject();
    }

    private static void WriteChange(Utf8JsonWriter json, RelatedChange change)
    {
        json.WriteStartObject();
        WriteMember(json, "id", change.Identifier ?? change.Id);
        WriteMember(json, "summary", change.Summary);
        WriteMember(json, "status", change.Status);
        WriteMember(json, "source", change.Source);
        WriteMember(json, "ticket", WebLink.Of(change.TicketUrl));
        WriteMember(json, "certainty", change.Certainty);
        WriteMember(json, "comment", change.Comment);
        json.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text)) json.WriteString(name, EventText.Lines(text, MaxText));
    }

    private static int Rank(AlertDetail alert) => Array.IndexOf(Statuses, alert.Status);
}
