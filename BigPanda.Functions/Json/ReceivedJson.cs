using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace BigPanda.Functions.Json;

/// <summary>Opens and checks JSON that another system sent.</summary>
internal static class ReceivedJson
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The depth is limited because System.Text.Json's cost grows with the square of the nesting.</summary>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> body) =>
        new(WithoutMark(body), new JsonReaderOptions { MaxDepth = 64 });

    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> body) => body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;

    /// <returns>Null when the body is one JSON document, which can then be read without exceptions.</returns>
    public static BodyError? Check(ReadOnlySpan<byte> body)
    {
        if (CheckText(body) is { } error) return error;
        try
        {
            var reader = Open(body);
            while (reader.Read()) { }
            return null;
        }
        catch (JsonException e)
        {
            return Invalid(e) is var invalid && FindHint(body, e) is { } hint ? invalid with { Detail = $"{invalid.Detail} {hint}" } : invalid;
        }
    }

    /// <returns>Null when there is a body and it is UTF-8.</returns>
    public static BodyError? CheckText(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return new BodyError("The body is empty.", Line: 1, Position: 0);
        return Utf8.IsValid(body) ? null : NotUtf8(body);
    }

    public static BodyError Invalid(JsonException e) => new("The body is not valid JSON.", Line: e.LineNumber + 1, Position: e.BytePositionInLine);

    /// <summary>Whether what was sent is why it cannot be read: an escape of half a surrogate pair throws an InvalidOperationException.</summary>
    public static bool IsInvalid(Exception e) => e is JsonException or InvalidOperationException;

    /// <summary>What scripts that paste texts into JSON forget.</summary>
    private static string? FindHint(ReadOnlySpan<byte> body, JsonException e)
    {
        for (var line = e.LineNumber ?? 0; line > 0; line--) body = body[(body.IndexOf((byte)'\n') + 1)..];
        var at = (int)Math.Min(e.BytePositionInLine ?? 0, body.Length);
        if (body[..at].EndsWith("\\"u8)) return "A backslash in a text must be written as two.";
        return at < body.Length && body[at] is (byte)'\n' or (byte)'\r' or (byte)'\t' ? "A line break in a text must be written as \\n, a tab as \\t." : null;
    }

    private static BodyError NotUtf8(ReadOnlySpan<byte> body)
    {
        var valid = body[..ValidLength(body)];
        return new BodyError("The body is not valid UTF-8.", Line: valid.Count((byte)'\n') + 1, Position: valid.Length - valid.LastIndexOf((byte)'\n') - 1);
    }

    /// <summary>Number of bytes before the first invalid one.</summary>
    private static int ValidLength(ReadOnlySpan<byte> body)
    {
        Span<char> decoded = stackalloc char[1024];
        var valid = 0;
        OperationStatus status;
        do
        {
            status = Utf8.ToUtf16(body[valid..], decoded, out var read, out _, replaceInvalidSequences: false);
            valid += read;
        }
        while (status == OperationStatus.DestinationTooSmall);

        return valid;
    }
}
