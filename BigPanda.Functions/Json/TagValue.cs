using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.Functions.Json;

/// <summary>A tag's value as the JSON that BigPanda sent, so that its type is kept.</summary>
[JsonConverter(typeof(TagValueConverter))]
public readonly record struct TagValue(string Json)
{
    private const int MaxOnStack = 1024;

    private readonly string? _json = Json;

    public string Json => _json ?? "null";

    /// <summary>For display: text without quotes, everything else as JSON.</summary>
    public string Text => Json.StartsWith('"') ? ReadText(Json) : Json;

    /// <summary>The values of a list, or the single value.</summary>
    internal IReadOnlyList<TagValue> Values =>
        Json.StartsWith('[') ? JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(Json), TagValueJson.Default.ListTagValue) ?? [] : [this];

    public static TagValue Of(string text)
    {
        var json = new StringBuilder(text.Length + 2);
        JsonText.AppendQuoted(json, text);
        return new TagValue(json.ToString());
    }

    internal static TagValue OfList(IEnumerable<TagValue> values) => new($"[{string.Join(',', values.Select(value => value.Json))}]");

    /// <summary>Half a surrogate pair, escaped or not, becomes U+FFFD.</summary>
    private static string ReadText(string json)
    {
        var size = Encoding.UTF8.GetMaxByteCount(json.Length);
        var bytes = size <= MaxOnStack ? stackalloc byte[size] : new byte[size];
        var reader = new Utf8JsonReader(bytes[..Encoding.UTF8.GetBytes(json, bytes)]);
        reader.Read();
        return JsonText.Read(ref reader);
    }
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

[JsonSerializable(typeof(List<TagValue>))]
[JsonSourceGenerationOptions]
internal sealed partial class TagValueJson : JsonSerializerContext;
