using System.Text.Json;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

internal static class RelatedChangeReader
{
    public static List<RelatedChange> Read(ref Utf8JsonReader reader)
    {
        var changes = new List<RelatedChange>();
        var list = new JsonListCursor(ref reader);
        while (list.NextObject(ref reader)) changes.Add(ReadChange(ref reader));
        return changes;
    }

    private static RelatedChange ReadChange(ref Utf8JsonReader reader)
    {
        var change = new RelatedChange();
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            switch (field)
            {
                case "comment": change = change with { Comment = JsonValues.Text(ref reader) }; break;
                case "match_certainty": change = change with { Certainty = JsonValues.Text(ref reader) }; break;
                case "change": change = Change(ref reader, change); break;
                default: reader.Skip(); break;
            }
        }

        return change;
    }

    private static RelatedChange Change(ref Utf8JsonReader reader, RelatedChange change)
    {
        var fields = new JsonObjectCursor(ref reader);
        while (fields.Next(ref reader, out var field))
        {
            switch (field)
            {
                case "id": change = change with { Id = JsonValues.Name(ref reader) }; break;
                case "identifier": change = change with { Identifier = JsonValues.Name(ref reader) }; break;
                case "summary": change = change with { Summary = JsonValues.Text(ref reader) }; break;
                case "status": change = change with { Status = JsonValues.Text(ref reader) }; break;
                case "source_system": change = change with { Source = JsonValues.Text(ref reader) }; break;
                case "ticket_url": change = change with { TicketUrl = WebLink.Of(JsonValues.Text(ref reader)) }; break;
                default: reader.Skip(); break;
            }
        }

        return change;
    }
}
