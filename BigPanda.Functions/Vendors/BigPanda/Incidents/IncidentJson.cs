using System.Text.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Incidents;

/// <summary>Options and names for scanning and reading a webhook body, shared so that the two agree.</summary>
internal static class IncidentJson
{
    public static ReadOnlySpan<byte> Incident => "incident"u8;
    public static ReadOnlySpan<byte> Id => "id"u8;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The depth is limited because System.Text.Json's cost grows with the square of the nesting.</summary>
    public static Utf8JsonReader Open(ReadOnlySpan<byte> body) =>
        new(body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body, new JsonReaderOptions { MaxDepth = 64 });
}
