using System.Runtime.InteropServices;
using System.Text.Json;
using BigPanda.Functions.Http;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.PagerDuty.Preview;

/// <summary>What is to be previewed: a stored alert, or a body of BigPanda's webhook.</summary>
/// <param name="Headers">Of the payload: its <c>x-bp-*</c> headers, names in lower case.</param>
/// <param name="Source">Of the payload: the source that would receive it, for rules by source.</param>
internal sealed record PreviewRequest(string? IncidentId, ReadOnlyMemory<byte> Payload, IReadOnlyDictionary<string, string>? Headers, string Source)
{
    public const string Shape = """{"incidentId"} or {"payload", "headers", "source"}""";

    private const string HeaderPrefix = "x-bp-";

    /// <returns>The request; or null and what is wrong.</returns>
    public static (PreviewRequest? Request, string Error) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            return (null, $"The body must be JSON: {Shape}.");
        }
    }

    private static (PreviewRequest? Request, string Error) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return (null, $"The body must be an object: {Shape}.");
        string? incidentId = null, source = null;
        byte[]? payload = null;
        Dictionary<string, string>? headers = null;
        foreach (var member in root.EnumerateObject())
        {
            var (value, kind) = (member.Value, member.Value.ValueKind);
            if (member.NameEquals("incidentId") && kind == JsonValueKind.String) incidentId = value.GetString();
            else if (member.NameEquals("payload") && kind == JsonValueKind.Object) payload = JsonMarshal.GetRawUtf8Value(value).ToArray();
            else if (member.NameEquals("headers") && TryReadHeaders(value, out headers)) continue;
            else if (member.NameEquals("source") && kind == JsonValueKind.String) source = value.GetString();
            else return (null, $"{JsonBody.Printable(member.Name)} is unknown or has a value of the wrong type. Valid are {Shape}, headers as texts by name.");
        }

        if (string.IsNullOrEmpty(incidentId) == payload is null) return (null, $"Send either an incidentId or a payload: {Shape}.");
        return payload is null && (headers is not null || source is not null)
            ? (null, "headers and source belong to a payload: a stored alert has kept those of its deliveries.")
            : (new PreviewRequest(incidentId, payload, headers, source ?? "preview"), "");
    }

    private static bool TryReadHeaders(JsonElement value, out Dictionary<string, string>? headers)
    {
        headers = null;
        if (value.ValueKind != JsonValueKind.Object) return false;
        foreach (var header in value.EnumerateObject())
        {
            if (header.Value.ValueKind != JsonValueKind.String) return false;
            // Others are not kept.
            var name = header.Name.ToLowerInvariant();
            if (name.StartsWith(HeaderPrefix, StringComparison.Ordinal)) (headers ??= [])[name] = header.Value.GetString() ?? "";
        }

        return true;
    }
}
