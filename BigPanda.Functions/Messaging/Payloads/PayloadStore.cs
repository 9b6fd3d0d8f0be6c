using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Messaging.Payloads;

/// <summary>
/// Stores bodies too large for a message, once each, under the hash of their bytes: one row per chunk, and a row in the partition of the
/// day it was last stored or found in use. Messages with the hash can be sent and copied any number of times; a body is removed by age,
/// after the last message that can refer to it: <see cref="PayloadRetention"/>.
/// </summary>
public sealed class PayloadStore(TableServiceClient tables, TimeProvider time)
{
    private const string Kind = "sha256-";
    private readonly TableClient _table = tables.GetTableClient(TableNames.Payloads);

    /// <param name="pieces">Of 64 KiB each; the last may be shorter.</param>
    /// <param name="stored">Called after each row.</param>
    /// <returns>The key to read the bytes with.</returns>
    internal async Task<string> StoreAsync(IReadOnlyList<byte[]> pieces, Action? stored, CancellationToken cancellationToken)
    {
        var claim = ClaimOf(pieces);
        // The day's row comes first: a body without one would never be removed.
        var day = await RecordDayAsync(claim, cancellationToken);
        var chunks = pieces.Chunk(BinaryColumns.MaxColumns).ToList();
        foreach (var (i, chunk) in chunks.Index())
        {
            var row = new TableEntity(claim, Row(i)) { ["Chunks"] = chunks.Count, ["Day"] = day };
            BinaryColumns.Write(row, chunk);
            EntityLimits.Check(row);
            await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
            stored?.Invoke();
        }

        return claim;
    }

    /// <returns>The bytes in pieces; null when a chunk is missing.</returns>
    /// <exception cref="InvalidDataException">The bytes do not match the hash.</exception>
    internal async Task<IReadOnlyList<byte[]>?> ReadAsync(string claim, CancellationToken cancellationToken)
    {
        List<byte[]> pieces = [];
        for (int i = 0, chunks = 1; i < chunks; i++)
        {
            if (await _table.FindAsync(claim, Row(i), cancellationToken) is not { } row) return null;
            chunks = row.GetInt32("Chunks") ?? 0;
            pieces.AddRange(BinaryColumns.ReadPieces(row));
        }

        // Earlier versions used claims that are not hashes.
        if (claim.StartsWith(Kind, StringComparison.Ordinal) && claim != ClaimOf(pieces))
            throw new InvalidDataException($"The stored body {claim} is damaged.");
        return pieces;
    }

    /// <summary>The bodies last stored or found in use before this day.</summary>
    internal IAsyncEnumerable<PayloadAge> OlderThanAsync(DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {PayloadAge.FirstPartition} and PartitionKey lt {PayloadAge.PartitionOf(cutoff)}");
        return _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken)
            .Select(row => new PayloadAge(row.RowKey, row.PartitionKey))
            .Concat(EarlierAsync(PayloadAge.PartitionOf(cutoff), cancellationToken));
    }

    /// <summary>Moves the body to today's partition, because a message still refers to it.</summary>
    internal async Task RenewAsync(PayloadAge age, CancellationToken cancellationToken)
    {
        var day = await RecordDayAsync(age.Claim, cancellationToken);
        await foreach (var row in RowsAsync(age.Claim, cancellationToken))
        {
            var renewed = new TableEntity(age.Claim, row.RowKey) { ["Day"] = day };
            await TableRows.UnlessChangedAsync(
                () => _table.UpdateEntityAsync(renewed, row.ETag, TableUpdateMode.Merge, cancellationToken), orGone: true);
        }

        if (age.Partition != day) await _table.DeleteEntityAsync(age.Partition, age.Claim, cancellationToken: cancellationToken);
    }

    /// <summary>Removes the body. A row written again meanwhile stays.</summary>
    /// <returns>False when the body was stored again since.</returns>
    internal async Task<bool> RemoveAsync(PayloadAge age, CancellationToken cancellationToken)
    {
        var isNewer = false;
        await foreach (var row in RowsAsync(age.Claim, cancellationToken))
        {
            if (string.CompareOrdinal(row.GetString("Day"), age.Partition) > 0) isNewer = true;
            else await _table.TryDeleteAsync(row, cancellationToken);
        }

        await _table.DeleteEntityAsync(age.Partition, age.Claim, cancellationToken: cancellationToken);
        return !isNewer;
    }

    /// <summary>The rows of the body, as they are now.</summary>
    internal ValueTask<List<TableEntity>> ListAsync(string claim, CancellationToken cancellationToken) =>
        RowsAsync(claim, cancellationToken).ToListAsync(cancellationToken);

    /// <summary>Removes the body whenever it was stored. The row of its day stays until that day is over: retention removes it.</summary>
    /// <param name="listed">Its rows, in the order in which they are stored: one that is stored again meanwhile is complete in the end.</param>
    /// <returns>False when it was stored again since.</returns>
    internal async Task<bool> RemoveAsync(IEnumerable<TableEntity> listed, CancellationToken cancellationToken)
    {
        foreach (var row in listed)
        {
            if (!await _table.TryDeleteAsync(row, cancellationToken)) return false;
        }

        return true;
    }

    /// <summary>
    /// Those of an earlier version: their claims are no hashes, but begin with the day they were stored, and no row names that day. One that was found in use
    /// since has one.
    /// </summary>
    private async IAsyncEnumerable<PayloadAge> EarlierAsync(string before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge '0' and PartitionKey lt {before[PayloadAge.FirstPartition.Length..]}");
        string? known = null;
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "Day"], cancellationToken: cancellationToken))
        {
            if (row.PartitionKey == known) continue;
            known = row.PartitionKey;
            if (row.GetString("Day") is null) yield return PayloadAge.OfEarlier(known);
        }
    }

    private static string ClaimOf(IReadOnlyList<byte[]> pieces)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var piece in pieces) hash.AppendData(piece);
        return Kind + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<string> RecordDayAsync(string claim, CancellationToken cancellationToken)
    {
        var day = PayloadAge.PartitionOf(time.GetUtcNow());
        await _table.UpsertEntityAsync(new TableEntity(day, claim), TableUpdateMode.Replace, cancellationToken);
        return day;
    }

    private AsyncPageable<TableEntity> RowsAsync(string claim, CancellationToken cancellationToken) => _table.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {claim}"), select: ["PartitionKey", "RowKey", "Day"], cancellationToken: cancellationToken);

    private static string Row(int chunk) => chunk.ToString("D4", System.Globalization.CultureInfo.InvariantCulture);
}
