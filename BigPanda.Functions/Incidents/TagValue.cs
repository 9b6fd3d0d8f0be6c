using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.Functions.Incidents;

/// <summary>A tag's value, kept as the JSON that BigPanda sent (number, text, list …) so that nothing is guessed about its type.</summary>
[JsonConverter(typeof(TagValueConverter))]
public readonly record struct TagValue(string Json)
{
    private readonly string? _json = Json;

    public string Json => _json ?? "null";

    /// <summary>For people: text without quotes, everything else as it is written.</summary>
    public string Text => Json.StartsWith('"') ? JsonSerializer.Deserialize(Json, TagValueJson.Default.String) ?? "" : Json;

    public static TagValue Of(string text) => new(JsonSerializer.Serialize(text, TagValueJson.Default.String));
}

internal sealed class TagValueConverter : JsonConverter<TagValue>
{
    public override TagValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new TagValue(document.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, TagValue value, JsonSerializerOptions options) =>
        writer.WriteRawValue(Encoding.UTF8.GetBytes(value.Json), skipInputValidation: true);
}

[JsonSerializable(typeof(string))]
[JsonSourceGenerationOptions]
internal sealed partial class TagValueJson : JsonSerializerContext;
