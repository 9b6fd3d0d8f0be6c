using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts.Rules.History;

/// <summary>
/// Times in rows and messages: RFC 3339 in UTC with their fraction. Earlier versions wrote seconds since 1970, and 0 for none.
/// </summary>
internal sealed class StoredTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number) return reader.GetDateTimeOffset();
        return reader.GetInt64() is not 0 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
}
