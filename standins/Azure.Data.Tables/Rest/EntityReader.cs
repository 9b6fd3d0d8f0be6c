#nullable enable
using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Rest;

/// <summary>Entities from JSON with minimal metadata: a property's OData type stands in a property of its own beside it.</summary>
internal static class EntityReader
{
    private const string TypeSuffix = "@odata.type";
    private const string EdmDateTime = "Edm.DateTime";

    public static TableEntity ReadOne(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return ReadEntity(ref reader, null);
    }

    public static List<TableEntity> ReadPage(ReadOnlySpan<byte> json)
    {
        var entities = new List<TableEntity>();
        var names = new PropertyNames();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (!isValue)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                entities.Add(ReadEntity(ref reader, names));
        }

        return entities;
    }

    private static TableEntity ReadEntity(ref Utf8JsonReader reader, PropertyNames? names)
    {
        var entity = new TableEntity();
        var (typed, type) = ("", "");
        names?.Restart();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = names is null ? reader.GetString() ?? "" : names.Next(ref reader);
            reader.Read();
            if (name.EndsWith(TypeSuffix, StringComparison.Ordinal))
            {
                (typed, type) = (name[..^TypeSuffix.Length], ReadType(ref reader));
                if (entity.TryGetValue(typed, out var untyped) && untyped is string text)
                    entity.Set(typed, Convert(text, type));
            }
            else if (name != "odata.metadata" && ReadValue(ref reader, TypeOf(name)) is { } value)
            {
                entity.Set(name, value);
            }
        }

        return entity;

        // Timestamp is the one typed property that comes without its type.
        string TypeOf(string name) => name == EntityNames.Timestamp ? EdmDateTime : name == typed ? type : "";
    }

    private static string ReadType(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("Edm.DateTime"u8) ? EdmDateTime
        : reader.ValueTextEquals("Edm.Int64"u8) ? "Edm.Int64"
        : reader.GetString() ?? "";

    private static object? ReadValue(ref Utf8JsonReader reader, string type) => reader.TokenType switch
    {
        JsonTokenType.String when type == EdmDateTime => ReadDateTime(ref reader),
        JsonTokenType.String when type == "Edm.Binary" => reader.GetBytesFromBase64(),
        JsonTokenType.String => Convert(reader.GetString() ?? "", type),
        JsonTokenType.Number when type == "Edm.Double" => reader.GetDouble(),
        JsonTokenType.Number when type == "Edm.Int64" => reader.GetInt64(),
        JsonTokenType.Number => reader.TryGetInt32(out var number) ? (object)number : reader.GetDouble(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw new JsonException("A property of an entity is neither text, number, boolean nor null."),
    };

    private static object ReadDateTime(ref Utf8JsonReader reader) =>
        reader.TryGetDateTimeOffset(out var time) ? time.ToUniversalTime() : Convert(reader.GetString() ?? "", EdmDateTime);

    private static object Convert(string text, string type) => type switch
    {
        "" or "Edm.String" => text,
        "Edm.Int64" => long.Parse(text, CultureInfo.InvariantCulture),
        EdmDateTime => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        "Edm.Guid" => Guid.Parse(text),
        "Edm.Binary" => System.Convert.FromBase64String(text),
        "Edm.Double" => double.Parse(text, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"Not supported type {type}"),
    };
}
