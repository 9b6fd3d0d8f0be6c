#nullable enable
using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Batch;

/// <summary>
/// The answers inside a multipart answer, in order. The parts' own headers (boundaries, encodings) say nothing that is needed:
/// an answer begins at its status line, its body ends at the next boundary, and a JSON body holds no raw line break.
/// </summary>
internal static class BatchReader
{
    public static List<PartResponse> Read(ReadOnlySpan<byte> multipart)
    {
        var answers = new List<PartResponse>();
        while (TryReadLine(ref multipart, out var line))
        {
            if (line.StartsWith("HTTP/1.1 "u8))
                answers.Add(ReadAnswer(line, ref multipart));
        }

        return answers;
    }

    private static PartResponse ReadAnswer(scoped ReadOnlySpan<byte> statusLine, ref ReadOnlySpan<byte> rest)
    {
        var status = int.Parse(statusLine.Slice(9, 3), CultureInfo.InvariantCulture);
        var reason = Encoding.UTF8.GetString(statusLine[Math.Min(13, statusLine.Length)..]);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (TryReadLine(ref rest, out var line) && line.Length > 0)
        {
            var colon = line.IndexOf((byte)':');
            if (colon > 0)
                headers[Encoding.UTF8.GetString(line[..colon])] = Encoding.UTF8.GetString(line[(colon + 1)..].Trim((byte)' '));
        }

        return new PartResponse(status, reason, headers, ReadBody(ref rest));
    }

    private static byte[] ReadBody(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.StartsWith("--"u8) ? 0 : rest.IndexOf("\n--"u8);
        var body = end < 0 ? rest : rest[..end];
        rest = rest[body.Length..];
        return body.Trim("\r\n"u8).ToArray();
    }

    private static bool TryReadLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (text.IsEmpty)
            return false;

        var end = text.IndexOf((byte)'\n');
        line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
        text = end < 0 ? default : text[(end + 1)..];
        return true;
    }
}
