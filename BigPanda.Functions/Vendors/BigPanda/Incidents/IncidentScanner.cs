using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

/// <summary>
/// Validates a webhook body in one pass, without building objects, and finds its incident's id. Every body with a usable id is accepted,
/// because BigPanda does not send a refused delivery again.
/// </summary>
internal static class IncidentScanner
{
    /// <summary>The incident's id is the Service Bus session id, which has at most 128 characters.</summary>
    public const int MaxIdLength = 128;

    public static bool TryScan(ReadOnlySpan<byte> body, out string incidentId, [NotNullWhen(false)] out BodyError? error)
    {
        incidentId = "";
        error = ReceivedJson.CheckText(body);
        if (error is not null) return false;
        try
        {
            var scan = new Scan();
            scan.Document(body);
            incidentId = scan.Id ?? "";
            error = scan.Error;
            return error is null;
        }
        catch (JsonException e)
        {
            error = ReceivedJson.Invalid(e);
            return false;
        }
    }

    private ref struct Scan
    {
        public string? Id;
        public BodyError? Error;
        private bool _sawIncident;

        public void Document(ReadOnlySpan<byte> body)
        {
            var reader = ReceivedJson.Open(body);
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

            // The reader throws for anything behind the document.
            while (reader.Read()) { }
        }

        private void RootProperty(ref Utf8JsonReader reader)
        {
            if (JsonText.Is(ref reader, IncidentJson.Incident))
            {
                reader.Read();
                if (_sawIncident) Fail("incident", "appears twice");
                _sawIncident = true;
                IncidentValue(ref reader);
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
                if (JsonText.Is(ref reader, IncidentJson.Id)) IncidentId(ref reader);
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
            if (Id is not null)
            {
                Fail("incident.id", "appears twice");
                reader.Skip();
                return;
            }

            if (reader.TokenType != JsonTokenType.String)
            {
                Fail("incident.id", "must be a string");
                reader.Skip();
                Id = "";
                return;
            }

            var text = JsonText.TryReadStrict(ref reader);
            Id = text ?? "";
            if (text is null) Fail("incident.id", "has half a character: an escaped surrogate without its other half");
            else if (string.IsNullOrWhiteSpace(Id)) Fail("incident.id", "must be a non-empty string");
            else if (Id.Length > MaxIdLength) Fail("incident.id", $"is longer than {MaxIdLength} characters");
            else if (Id.AsSpan().ContainsAnyInRange('\0', '\x1F') || Id.AsSpan().ContainsAnyInRange('\x7F', '\x9F'))
                Fail("incident.id", "contains a control character");
            else if (Id is "." or "..") Fail("incident.id", "must not be . or .., which a URL path cannot contain");
        }

        private void Fail(string field, string detail) => Error ??= BodyError.Of(field, $"{detail}.");
    }
}
