using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.Functions.Alerts;

/// <summary>
/// Times as they are stored and sent between our own parts: RFC 3339 in UTC, with the fraction they have. Earlier versions wrote seconds
/// since 1970, and 0 for none.
/// </summary>
internal sealed class StoredTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.Number
        ? reader.GetInt64() is not 0 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default
        : reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
}
