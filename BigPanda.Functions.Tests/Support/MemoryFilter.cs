using System.Globalization;
using System.Text.RegularExpressions;
using Azure.Data.Tables;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A filter of the table service: comparisons that are joined by and.</summary>
internal sealed partial class MemoryFilter
{
    private readonly List<(string Column, string Operator, object Value)> _comparisons = [];

    public MemoryFilter(string? filter)
    {
        var rest = filter ?? "";
        while (rest.Length > 0)
        {
            var match = Comparison().Match(rest);
            if (!match.Success) throw new NotSupportedException($"The filter '{filter}' is not simulated.");
            _comparisons.Add((match.Groups["column"].Value, match.Groups["operator"].Value, ValueOf(match)));
            rest = rest[match.Length..];
        }
    }

    /// <summary>Null for all.</summary>
    public string? Partition => Bound("PartitionKey", "eq");

    public string FirstRow => Bound("RowKey", "eq") ?? Bound("RowKey", "ge") ?? Bound("RowKey", "gt") ?? "";

    public bool IsBehind(string rowKey) => Bound("RowKey", "lt") is { } end && string.CompareOrdinal(rowKey, end) >= 0;

    public bool Includes(TableEntity row) => _comparisons.TrueForAll(comparison =>
    {
        if (!row.TryGetValue(comparison.Column, out var value) || value is null) return false;
        var order = Compare(value, comparison.Value);
        return comparison.Operator switch
        {
            "eq" => order == 0,
            "ge" => order >= 0,
            "gt" => order > 0,
            "le" => order <= 0,
            _ => order < 0,
        };
    });

    private static int Compare(object value, object bound) => (value, bound) switch
    {
        (string one, string other) => string.CompareOrdinal(one, other),
        (DateTimeOffset one, DateTimeOffset other) => one.CompareTo(other),
        (long one, long other) => one.CompareTo(other),
        (int one, long other) => ((long)one).CompareTo(other),
        (bool one, bool other) => one.CompareTo(other),
        _ => throw new NotSupportedException($"{value.GetType()} is not compared with {bound.GetType()}."),
    };

    private static object ValueOf(Match match) =>
        match.Groups["text"] is { Success: true } text ? text.Value.Replace("''", "'", StringComparison.Ordinal)
        : match.Groups["time"] is { Success: true } time ? DateTimeOffset.Parse(time.Value, CultureInfo.InvariantCulture)
        : match.Groups["flag"] is { Success: true } flag ? bool.Parse(flag.Value)
        : long.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);

    private string? Bound(string column, string comparison) =>
        _comparisons.Find(one => one.Column == column && one.Operator == comparison).Value as string;

    [GeneratedRegex(
        @"^(?<column>\w+) (?<operator>eq|ge|gt|le|lt) "
        + @"(?:'(?<text>(?:[^']|'')*)'|datetime'(?<time>[^']+)'|(?<flag>true|false)|(?<number>-?\d+)L?)(?: and |$)")]
    private static partial Regex Comparison();
}
