using System.Buffers;
using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Alerts.Apply;

/// <summary>Removes members from JSON by name, at any depth. What stays keeps its bytes, except for the space between tokens.</summary>
internal static class KeptMembers
{
    /// <param name="Removed">The names as the body writes them, each once.</param>
    internal sealed record Cut(byte[] Body, IReadOnlyList<string> Removed);

    /// <returns>Null when the body has none of them.</returns>
    public static Cut? Remove(ReadOnlyMemory<byte> body, IReadOnlySet<string> names)
    {
        var reader = ReceivedJson.Open(body.Span);
        var removed = new SortedSet<string>(StringComparer.Ordinal);
        var output = new ArrayBufferWriter<byte>(Math.Max(1, body.Length));
        var needsComma = false;
        while (reader.Read())
        {
            var type = reader.TokenType;
            if (type == JsonTokenType.PropertyName && JsonText.Read(ref reader) is var name && names.Contains(name))
            {
                removed.Add(name);
                reader.Skip();
                continue;
            }

            if (needsComma && type is not (JsonTokenType.EndObject or JsonTokenType.EndArray)) output.Write(","u8);
            needsComma = type is not (JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);
            if (type is not (JsonTokenType.PropertyName or JsonTokenType.String))
            {
                output.Write(reader.ValueSpan);
                continue;
            }

            output.Write("\""u8);
            output.Write(reader.ValueSpan);
            output.Write(type == JsonTokenType.String ? "\""u8 : "\":"u8);
        }

        return removed.Count == 0 ? null : new Cut(output.WrittenSpan.ToArray(), [.. removed]);
    }
}
