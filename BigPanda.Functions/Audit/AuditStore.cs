using System.Globalization;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Audit;

/// <summary>
/// The trail, a partition for each month. Partitions and rows are named by the time that is left until the end of time, so that one query reads the newest
/// first. Rows are added, get their result once, and are deleted only by retention.
/// </summary>
public sealed class AuditStore(TableServiceClient tables)
{
    private const int LastMonth = 999_912;
    private const int IdDigits = 19;

    private readonly TableClient _table = tables.GetTableClient(TableNames.Audit);

    internal static string NewId(DateTimeOffset at) => $"{IdOf(at)}-{Guid.NewGuid().ToString("N")[..8]}";

    internal static bool IsId(string text) =>
        text.Length > IdDigits + 1 && text[IdDigits] == '-' && text[..IdDigits].All(char.IsAsciiDigit)
        && text[(IdDigits + 1)..].All(char.IsAsciiHexDigitLower);

    /// <summary>An upsert, since a retry after a lost answer finds the row: no other entry has the id.</summary>
    internal Task AddAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(Row(entry), TableUpdateMode.Replace, cancellationToken);

    internal Task EndAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        _table.UpdateEntityAsync(Row(entry), ETag.All, TableUpdateMode.Replace, cancellationToken);

    /// <summary>Newest first.</summary>
    internal async Task<(IReadOnlyList<AuditEntry> Entries, string? Next)> ListAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        List<AuditEntry> entries = [];
        await foreach (var row in _table.QueryAsync<TableEntity>(FilterOf(query), query.Limit + 1, cancellationToken: cancellationToken))
        {
            if (entries.Count == query.Limit) return (entries, entries[^1].Id);
            entries.Add(Read(row));
        }

        return (entries, null);
    }

    /// <returns>How many were deleted.</returns>
    internal Task<int> RemoveOlderAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var end = EndOf(before);
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {PartitionOf(before)} and RowKey ge {end}");
        return _table.RemoveAsync(filter, most, cancellationToken);
    }

    private static string FilterOf(AuditQuery query)
    {
        var end = EndOf(query.From);
        List<string> conditions =
        [
            TableClient.CreateQueryFilter($"PartitionKey ge {PartitionOf(query.To)} and PartitionKey le {PartitionOf(query.From)}"),
            TableClient.CreateQueryFilter($"RowKey ge {IdOf(query.To)} and RowKey lt {end}"),
        ];
        if (query.Behind is { } id) conditions.Add(TableClient.CreateQueryFilter($"RowKey gt {id}"));
        if (query.Action is { } action) conditions.Add(TableClient.CreateQueryFilter($"Action eq {action}"));
        if (query.Target is { } target) conditions.Add(TableClient.CreateQueryFilter($"Target eq {target}"));
        return string.Join(" and ", conditions);
    }

    private static string PartitionOf(DateTimeOffset at) =>
        (LastMonth - (at.UtcDateTime.Year * 100 + at.UtcDateTime.Month)).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>Behind every row of the very time, whose id goes on with a dash.</summary>
    private static string EndOf(DateTimeOffset at) => $"{IdOf(at)}.";

    private static string IdOf(DateTimeOffset at) => (DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    private static TableEntity Row(AuditEntry entry)
    {
        var row = new TableEntity(PartitionOf(entry.At), entry.Id)
        {
            ["At"] = entry.At,
            ["Action"] = entry.Action,
            ["Actor"] = entry.Actor,
            ["Target"] = entry.Target,
            ["Detail"] = entry.Detail,
            ["Result"] = (int)entry.Result,
            ["Status"] = entry.Status,
            ["Code"] = entry.Code,
            ["Trace"] = entry.Trace,
        };
        EntityLimits.Check(row);
        return row;
    }

    private static AuditEntry Read(TableEntity row) => new(
        row.RowKey, row.GetDateTimeOffset("At") ?? default, row.GetString("Action") ?? "", row.GetString("Actor") ?? "", row.GetString("Trace") ?? "")
    {
        Target = row.GetString("Target"),
        Detail = row.GetString("Detail"),
        Result = (AuditResult)(row.GetInt32("Result") ?? 0),
        Status = row.GetInt32("Status"),
        Code = row.GetString("Code"),
    };
}

/// <param name="From">The oldest; included, like <paramref name="To"/>.</param>
/// <param name="Behind">The id of the last entry of the page before.</param>
internal sealed record AuditQuery(DateTimeOffset From, DateTimeOffset To, string? Action, string? Target, int Limit, string? Behind);
