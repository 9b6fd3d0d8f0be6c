using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Operations;

/// <summary>The parts of JSON Schema that the API's document uses: lists where a value differs from its schema.</summary>
internal sealed class JsonShape(JsonNode document)
{
    public IEnumerable<string> Faults(JsonNode? schema, JsonNode? value, string at = "$")
    {
        if (schema?["$ref"] is { } reference) return Faults(Resolve((string?)reference ?? ""), value, at);
        if (schema?["oneOf"] is JsonArray choices) return choices.Any(choice => !Faults(choice, value, at).Any()) ? [] : [$"{at} is none of what it may be"];
        var types = schema?["type"] switch
        {
            JsonArray several => [.. several.Select(type => (string?)type ?? "")],
            { } one => new[] { (string?)one ?? "" },
            null => [],
        };
        var type = TypeOf(value);
        if (!types.Contains(type)) return [$"{at} is {type}, described as {string.Join(" or ", types)}"];
        if (schema?["enum"] is JsonArray values && !values.Any(allowed => JsonNode.DeepEquals(allowed, value)))
            return [$"{at} is {value?.ToJsonString()}, which is not described"];
        return value switch
        {
            JsonArray items => items.SelectMany((item, i) => Faults(schema?["items"], item, $"{at}[{i}]")),
            JsonObject members => Members(schema as JsonObject ?? [], members, at),
            _ when (string?)schema?["format"] == "date-time" && value is not null && !DateTimeOffset.TryParse((string?)value, out _) => [$"{at} is no time"],
            _ => [],
        };
    }

    public JsonNode? Resolve(string reference) => reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)document, (node, part) => node?[part]);

    private IEnumerable<string> Members(JsonObject schema, JsonObject value, string at)
    {
        var described = schema["properties"] as JsonObject ?? [];
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(required => (string?)required ?? "").Where(name => !value.ContainsKey(name)))
            yield return $"{at}.{name} is missing";
        foreach (var (name, member) in value)
        {
            if (described.ContainsKey(name))
            {
                foreach (var fault in Faults(described[name], member, $"{at}.{name}")) yield return fault;
            }
            else if (schema["additionalProperties"] is JsonObject others)
            {
                foreach (var fault in Faults(others, member, $"{at}.{name}")) yield return fault;
            }
            else if (schema["additionalProperties"] is JsonValue allowed && !allowed.GetValue<bool>())
            {
                yield return $"{at}.{name} is not described";
            }
        }
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or System.Text.Json.JsonValueKind.Null => "null",
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
        System.Text.Json.JsonValueKind.Number => "integer",
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.Array => "array",
        _ => "object",
    };
}
