using System.Text.Json;
using System.Text.Unicode;

namespace BigPanda.Functions.Incidents;

/// <summary>
/// Checks a webhook body in one pass, without building objects: is it JSON, is it an incident, which one? Everything the
/// <see cref="IncidentReader"/> will later rely on is checked here; unknown fields, unknown event names and odd values of
/// descriptive fields pass, because BigPanda does not send a refused delivery again.
/// </summary>
internal static class IncidentScanner
{
    /// <summary>Service Bus limits a session id to 128 characters, and an incident's id is its session id.</summary>
    public const int MaxIdLength = 128;

    public static bool TryScan(ReadOnlySpan<byte> body, out string incidentId, out BodyFault? fault)
    {
        incidentId = "";
        if (body.IsEmpty)
        {
            fault = new BodyFault("The body is empty.", Line: 1, Position: 0);
            return false;
        }

        if (!Utf8.IsValid(body))
        {
            fault = NotUtf8(body);
            return false;
        }

        try
        {
            var scan = new Scan();
            scan.Document(body);
            incidentId = scan.Id ?? "";
            fault = scan.Fault;
            return fault is null;
        }
        catch (JsonException e)
        {
            fault = new BodyFault("The body is not valid JSON.", Line: e.LineNumber + 1, Position: e.BytePositionInLine);
            return false;
        }
    }

    private static BodyFault NotUtf8(ReadOnlySpan<byte> body)
    {
        var valid = body.Length;
        // Bisecting by prefix: a prefix ending inside a character counts as invalid, which moves the answer by three bytes at most.
        for (int low = 0, high = body.Length; low < high;)
        {
            var middle = low + (high - low) / 2;
            if (Utf8.IsValid(body[..(middle + 1)])) low = middle + 1;
            else high = middle;
            valid = low;
        }

        var line = body[..valid].Count((byte)'\n');
        var start = body[..valid].LastIndexOf((byte)'\n') + 1;
        return new BodyFault("The body is not valid UTF-8.", Line: line + 1, Position: valid - start);
    }

    private ref struct Scan
    {
        public string? Id;
        public BodyFault? Fault;
        private bool _sawIncident;

        public void Document(ReadOnlySpan<byte> body)
        {
            var reader = IncidentJson.Open(body);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Fail("$", "must be an object");
                reader.Skip();
            }
            else
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) RootProperty(ref reader);
                if (!_sawIncident) Fail("incident", "is missing");
            }

            // Anything behind the document is reported by the reader.
            while (reader.Read()) { }
        }

        private void RootProperty(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals(IncidentJson.Incident))
            {
                reader.Read();
                if (_sawIncident) Fail("incident", "appears twice");
                _sawIncident = true;
                IncidentValue(ref reader);
            }
            else if (reader.ValueTextEquals(IncidentJson.EventTypes))
            {
                reader.Read();
                EventTypes(ref reader, "event_types");
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        private void IncidentValue(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Fail("incident", "must be an object");
                reader.Skip();
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals(IncidentJson.Id)) IncidentId(ref reader);
                else if (reader.ValueTextEquals(IncidentJson.Active)) Flag(ref reader, "incident.active");
                else if (reader.ValueTextEquals(IncidentJson.Resolved)) Flag(ref reader, "incident.resolved");
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            if (Id is null) Fail("incident.id", "is missing");
        }

        private void IncidentId(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (Id is not null) Fail("incident.id", "appears twice");
            if (reader.TokenType != JsonTokenType.String)
            {
                Fail("incident.id", "must be a string");
                reader.Skip();
                Id = "";
                return;
            }

            Id = JsonText.TryReadStrict(ref reader) ?? "";
            if (string.IsNullOrWhiteSpace(Id)) Fail("incident.id", "must be text that is not empty");
            else if (Id.Length > MaxIdLength) Fail("incident.id", $"is longer than {MaxIdLength} characters");
            else if (Id.AsSpan().ContainsAnyInRange('\0', '\x1F') || Id.AsSpan().ContainsAnyInRange('\x7F', '\x9F'))
                Fail("incident.id", "contains a control character");
        }

        private void Flag(ref Utf8JsonReader reader, string field)
        {
            reader.Read();
            if (reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null) return;
            Fail(field, "must be true, false or null");
            reader.Skip();
        }

        private void EventTypes(ref Utf8JsonReader reader, string field)
        {
            if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.Null)) Fail(field, "must be a list");
            reader.Skip();
        }

        private void Fail(string field, string detail) => Fault ??= new BodyFault($"{field} {detail}.", field);
    }
}
