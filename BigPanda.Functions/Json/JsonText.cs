using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BigPanda.Functions.Json;

/// <summary>
/// Reads and compares JSON strings without throwing on their content. System.Text.Json accepts an escaped half of a surrogate pair
/// while parsing and throws InvalidOperationException when the text is read or compared; here it becomes U+FFFD. Catching the exception
/// is too slow: a body can hold a million of them.
/// </summary>
internal static class JsonText
{
    private static readonly SearchValues<char> MustBeEscaped = SearchValues.Create(['"', '\\', .. Enumerable.Range(0, 0x20).Select(c => (char)c)]);

    public static string Read(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return Encoding.UTF8.GetString(reader.ValueSpan);
        return MayHoldHalfPair(reader.ValueSpan) ? Unescape(reader.ValueSpan) : reader.GetString() ?? "";
    }

    /// <summary>Null when the text has half a surrogate pair.</summary>
    public static string? TryReadStrict(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Compares the name or text, escaped or not.</summary>
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(Read(ref reader)).AsSpan().SequenceEqual(name) : reader.ValueSpan.SequenceEqual(name);

    /// <summary>Appends the text as a JSON string, escaping only what JSON requires, so that text in any script stays readable.</summary>
    public static void AppendQuoted(StringBuilder json, string text)
    {
        json.Append('"');
        var rest = text.AsSpan();
        for (int at; (at = rest.IndexOfAny(MustBeEscaped)) >= 0; rest = rest[(at + 1)..])
        {
            json.Append(rest[..at]);
            _ = rest[at] switch
            {
                '"' or '\\' => json.Append('\\').Append(rest[at]),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                var control => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)control:x4}"),
            };
        }

        json.Append(rest).Append('"');
    }

    private static bool MayHoldHalfPair(ReadOnlySpan<byte> escaped) => escaped.IndexOf("\\ud"u8) >= 0 || escaped.IndexOf("\\uD"u8) >= 0;

    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        // Each UTF-16 unit takes at least one byte.
        var text = ArrayPool<char>.Shared.Rent(escaped.Length);
        var length = 0;
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0) plain = escaped.Length;
            length += Encoding.UTF8.GetChars(escaped[..plain], text.AsSpan(length));
            escaped = escaped[plain..];
            if (!escaped.IsEmpty) escaped = escaped[Unescape(escaped, out text[length++])..];
        }

        ReplaceHalfPairs(text.AsSpan(0, length));
        var whole = new string(text, 0, length);
        ArrayPool<char>.Shared.Return(text);
        return whole;
    }

    /// <summary>Reads the escape at the start, whose grammar the reader has checked.</summary>
    /// <returns>The number of bytes read.</returns>
    private static int Unescape(ReadOnlySpan<byte> escape, out char unit)
    {
        if (escape[1] == 'u')
        {
            unit = (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return 6;
        }

        unit = escape[1] switch
        {
            (byte)'n' => '\n',
            (byte)'t' => '\t',
            (byte)'r' => '\r',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            var same => (char)same,
        };
        return 2;
    }

    private static void ReplaceHalfPairs(Span<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var taken) != OperationStatus.Done) text[..taken].Fill('\uFFFD');
            text = text[taken..];
        }
    }
}
