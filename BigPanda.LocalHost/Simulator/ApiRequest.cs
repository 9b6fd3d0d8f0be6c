using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator;

/// <summary>A request with its body read, for the request log and the route.</summary>
internal sealed record ApiRequest(HttpContext Context, ReadOnlyMemory<byte> Bytes)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public string Body { get; } = Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>The body as a JSON object; null if it is not one.</summary>
    public JsonObject? Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Body, null, Strict) as JsonObject;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public static async Task<ApiRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new(context, body.ToArray());
    }

    // Routing leaves an escaped slash escaped; ids are opaque and may contain one.
    public string Route(string name) => ((string?)Context.Request.RouteValues[name] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public string? Query(string name) => Context.Request.Query[name];

    /// <summary>Null if the value is given but not a number in the range.</summary>
    public int? Number(string name, int otherwise, int atMost) => Query(name) switch
    {
        null => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= atMost => number,
        _ => null,
    };

    /// <summary>The text of a field; null if it is absent or not text.</summary>
    public static string? Text(JsonObject json, string name)
    {
        try
        {
            return json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: valid JSON, but not text.
            return null;
        }
    }
}
