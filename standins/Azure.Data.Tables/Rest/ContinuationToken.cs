#nullable enable
using Azure.Core;

namespace Azure.Data.Tables.Rest;

/// <summary>Where the next page starts: both keys as the service encoded them, with a space between when a caller keeps them.</summary>
internal readonly record struct ContinuationToken(string? NextPartitionKey, string? NextRowKey)
{
    public static ContinuationToken Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return default;

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0
            ? new(text, null)
            : new(text[..space], space + 1 < text.Length ? text[(space + 1)..] : null);
    }

    public static string? From(ResponseHeaders headers)
    {
        if (!headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partitionKey))
            return null;
        headers.TryGetValue("x-ms-continuation-NextRowKey", out var rowKey);
        return $"{partitionKey} {rowKey}";
    }
}
