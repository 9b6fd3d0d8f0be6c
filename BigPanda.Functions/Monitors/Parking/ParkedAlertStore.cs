using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Monitors.Parking;

/// <summary>
/// Parked alerts: a partition for each source, in which the alerts of an identity are neighbours in their order, and a row for the source's hold. A hold and
/// an alert are written together, and a hold is removed only if no alert was parked since it was read, so that without a hold there is no parked alert.
/// </summary>
public sealed partial class ParkedAlertStore(TableServiceClient tables, ILogger<ParkedAlertStore> logger)
{
    /// <summary>Before every hash.</summary>
    private const string HoldRow = "!";

    /// <summary>After every number of an identity: it follows the separator.</summary>
    private const char End = '}';
    private const char Separator = '|';
    private const string Refusal = "Refusal";

    private readonly TableClient _table = tables.GetTableClient(TableNames.ParkedAlerts);

    internal async Task<SourceHold?> FindHoldAsync(string sourceId, CancellationToken cancellationToken)
    {
        if (await _table.FindAsync(TableKey.Of(sourceId), HoldRow, cancellationToken) is not { } row) return null;
        return new SourceHold(
            sourceId, row.GetString("Refused") is { Length: > 0 } refused ? refused : null,
            row.GetString("Reason") is { Length: > 0 } reason ? reason : null, row.GetDateTimeOffset("NotBefore") ?? default, row.GetInt32("Refusals") ?? 0,
            row.GetInt64("Round") ?? 0, row.ETag.ToString());
    }

    /// <summary>Parks an alert behind those of its identity. Doing it again changes nothing.</summary>
    internal Task AddAsync(ParkedAlert parked, CancellationToken cancellationToken)
    {
        // Without a column it changes the hold's ETag only.
        List<TableTransactionAction> rows =
            [new(TableTransactionActionType.UpsertMerge, Hold(parked.SourceId)), new(TableTransactionActionType.UpsertReplace, Row(parked))];
        EntityLimits.Check(rows);
        return _table.SubmitTransactionAsync(rows, cancellationToken);
    }

    /// <summary>Changes a hold, or makes one.</summary>
    internal Task SaveAsync(SourceHold hold, CancellationToken cancellationToken)
    {
        var row = Hold(hold.SourceId);
        row["Refused"] = hold.Refused ?? "";
        row["Reason"] = hold.Reason ?? "";
        row["NotBefore"] = hold.NotBefore;
        row["Refusals"] = hold.Refusals;
        row["Round"] = hold.Round;
        return _table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken);
    }

    /// <summary>The first parked alert of the identity; null when it has none.</summary>
    internal async Task<ParkedAlert?> FindFirstAsync(string sourceId, string identity, CancellationToken cancellationToken)
    {
        var hash = IdentityKey.Of(identity);
        return await FirstAsync(sourceId, $"{hash}{Separator}", $"{hash}{End}", cancellationToken);
    }

    /// <summary>The first parked alert of the next identity with any.</summary>
    /// <param name="after">Where to begin: <see cref="RandomPlace"/>, <see cref="FirstPlace"/> or <see cref="PlaceAfter"/> of an identity.</param>
    internal Task<ParkedAlert?> FindNextAsync(string sourceId, string after, CancellationToken cancellationToken) =>
        FirstAsync(sourceId, after, $"{End}", cancellationToken);

    internal static string FirstPlace => "0";

    internal static string RandomPlace() => RandomNumberGenerator.GetHexString(8, lowercase: true);

    internal static string PlaceAfter(string identity) => $"{IdentityKey.Of(identity)}{End}";

    internal Task RemoveAsync(ParkedAlert parked, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(TableKey.Of(parked.SourceId), RowOf(parked), cancellationToken: cancellationToken);

    /// <summary>Replaces the alert's row, if only to keep its place.</summary>
    internal Task SaveAsync(ParkedAlert parked, CancellationToken cancellationToken)
    {
        var row = Row(parked);
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <returns>False when an alert was parked or the hold changed since it was read.</returns>
    internal Task<bool> TryEndAsync(SourceHold hold, CancellationToken cancellationToken) => TableRows.UnlessChangedAsync(
        () => _table.DeleteEntityAsync(TableKey.Of(hold.SourceId), HoldRow, new ETag(hold.ETag), cancellationToken));

    /// <summary>Counts a source's parked alerts up to a page of the table.</summary>
    internal async Task<ParkedCount> CountAsync(string sourceId, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(sourceId)} and RowKey gt {HoldRow}");
        await foreach (var page in _table.QueryAsync<TableEntity>(filter, ParkedCount.Most, [RelayedAlertRow.ReceivedAt], cancellationToken).AsPages())
        {
            // A page may be empty and others follow.
            if (page.Values.Count == 0) continue;
            return new ParkedCount(page.Values.Count, page.Values.Min(row => row.GetDateTimeOffset(RelayedAlertRow.ReceivedAt)));
        }

        return new ParkedCount(0, null);
    }

    /// <summary>Deletes alerts that were accepted before the time, of all sources: the queue would not have kept them either.</summary>
    internal Task<int> RemoveOlderAsync(DateTimeOffset time, int most, CancellationToken cancellationToken) =>
        _table.RemoveAsync(TableClient.CreateQueryFilter($"ReceivedAt lt {time}"), most, cancellationToken);

    /// <summary>Deletes all of a source, with its hold.</summary>
    internal Task RemoveSourceAsync(string sourceId, CancellationToken cancellationToken) =>
        _table.RemovePartitionAsync(TableKey.Of(sourceId), cancellationToken);

    private static TableEntity Row(ParkedAlert parked)
    {
        var row = new TableEntity(TableKey.Of(parked.SourceId), RowOf(parked));
        RelayedAlertRow.Write(row, parked.Alert);
        if (parked.Refusal is { } refusal) row[Refusal] = refusal;
        return row;
    }

    private static string RowOf(ParkedAlert parked) => $"{IdentityKey.Of(parked.Identity)}{Separator}{parked.Number:D20}";

    private static TableEntity Hold(string sourceId) => new(TableKey.Of(sourceId), HoldRow);

    private async Task<ParkedAlert?> FirstAsync(string sourceId, string from, string to, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(sourceId)} and RowKey ge {from} and RowKey lt {to}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, maxPerPage: 1, cancellationToken: cancellationToken))
        {
            if (RelayedAlertRow.Read(sourceId, row) is { } alert) return new ParkedAlert(alert, NumberOf(row.RowKey), row.GetString(Refusal));
            // It must not keep the others from being sent.
            Log.Unreadable(logger, sourceId, row.RowKey);
        }

        return null;
    }

    private static long NumberOf(string row) => long.TryParse(row.AsSpan(row.IndexOf(Separator, StringComparison.Ordinal) + 1), out var number) ? number : 0;

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error, "Source {SourceId}: could not read the parked alert {RowKey}; it stays parked. Report the defect, then delete the row")]
        public static partial void Unreadable(ILogger logger, string sourceId, string rowKey);
    }
}

/// <param name="Alerts">Up to <see cref="Most"/>.</param>
/// <param name="Oldest">When the oldest of those counted was accepted.</param>
internal readonly record struct ParkedCount(int Alerts, DateTimeOffset? Oldest)
{
    public const int Most = 1000;

    public override string ToString() => Alerts >= Most ? $"{Most} or more" : $"{Alerts}";
}
