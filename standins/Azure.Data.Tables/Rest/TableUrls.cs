#nullable enable
using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Rest;

/// <summary>Addresses of tables, entities and queries below one service endpoint.</summary>
internal sealed class TableUrls(Uri endpoint)
{
    private readonly string _base = endpoint.AbsoluteUri.TrimEnd('/');

    public Uri Endpoint { get; } = endpoint;

    public string Tables { get; } = endpoint.AbsoluteUri.TrimEnd('/') + "/Tables";

    public string Batch { get; } = endpoint.AbsoluteUri.TrimEnd('/') + "/$batch";

    public string ServiceProperties { get; } = endpoint.AbsoluteUri.TrimEnd('/') + "/?restype=service&comp=properties";

    public string Table(string table) => $"{_base}/{table}";

    public string TableForDeletion(string table) => $"{_base}/Tables('{table}')";

    public string Entity(string table, string partitionKey, string rowKey, IEnumerable<string>? select = null)
    {
        var url = $"{_base}/{table}(PartitionKey='{Key(partitionKey)}',RowKey='{Key(rowKey)}')";
        return select is null ? url : $"{url}?$select={Select(select)}";
    }

    public string Query(string table, string? filter, string? select, int? top, ContinuationToken from)
    {
        var url = new StringBuilder(_base).Append('/').Append(table).Append("()");
        var separator = '?';
        Append("$filter", filter);
        Append("$select", select);
        Append("$top", top?.ToString(CultureInfo.InvariantCulture));
        Append("NextPartitionKey", from.NextPartitionKey);
        Append("NextRowKey", from.NextRowKey);
        return url.ToString();

        void Append(string name, string? value)
        {
            if (value is null)
                return;
            url.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
    }

    public static string Select(IEnumerable<string> names) => string.Join(',', names);

    private static string Key(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Uri.EscapeDataString(key.Contains('\'', StringComparison.Ordinal) ? key.Replace("'", "''", StringComparison.Ordinal) : key);
    }
}
