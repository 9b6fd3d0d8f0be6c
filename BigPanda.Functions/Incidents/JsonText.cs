using System.Buffers;
using System.Text;
using System.Text.Json;

namespace BigPanda.Functions.Incidents;

/// <summary>
/// Reads a JSON string without ever throwing on its content. System.Text.Json accepts escapes of half a surrogate pair while
/// it walks a document and throws InvalidOperationException only when the text is asked for; such a half becomes U+FFFD here.
/// </summary>
internal static class JsonText
{
    public static string Read(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return Encoding.UTF8.GetString(reader.ValueSpan);
        return TryReadStrict(ref reader) ?? ReplaceHalfPairs(reader.ValueSpan);
    }

    /// <summary>The text, or null when it holds half a surrogate pair.</summary>
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

    private static string ReplaceHalfPairs(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (!escaped.IsEmpty)
        {
            var slash = escaped.IndexOf((byte)'\\');
            if (slash < 0) slash = escaped.Length;
            text.Append(Encoding.UTF8.GetString(escaped[..slash]));
            escaped = escaped[slash..];
            if (!escaped.IsEmpty) escaped = escaped[Unescape(escaped, text)..];
        }

        return ReplaceHalfPairs(text.ToString());
    }

    /// <summary>Appends the UTF-16 unit of the escape at the start and says how many bytes it took. The reader has checked the grammar.</summary>
    private static int Unescape(ReadOnlySpan<byte> escape, StringBuilder text)
    {
        if (escape[1] == 'u')
        {
            text.Append((char)Convert.ToUInt16(Encoding.ASCII.GetString(escape.Slice(2, 4)), 16));
            return 6;
        }

        text.Append(escape[1] switch
        {
            (byte)'n' => '\n',
            (byte)'t' => '\t',
            (byte)'r' => '\r',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            var same => (char)same,
        });
        return 2;
    }

    private static string ReplaceHalfPairs(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            ReadOnlySpan<char> left = source;
            while (!left.IsEmpty)
            {
                var status = Rune.DecodeFromUtf16(left, out _, out var taken);
                var at = span.Length - left.Length;
                if (status == OperationStatus.Done) left[..taken].CopyTo(span[at..]);
                else span.Slice(at, taken).Fill('\uFFFD');
                left = left[taken..];
            }
        });
}
