using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Monitors.Connection;

/// <summary>
/// Changes one source's keys in the secret that holds all sources'. Key Vault replaces a secret whatever it was, so that of two writers at once one would
/// lose the other's keys: they take turns by a row in a table.
/// </summary>
public sealed class MonitorKeyStore(CredentialCache<MonitorKeys> credentials, TableServiceClient tables, TimeProvider time)
{
    private const string Partition = "monitors";
    private const string TurnRow = "writer";

    /// <summary>How long the turn of a writer that crashed is kept.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(2);

    /// <summary>A change is given up well before its turn ends by another's clock: a late write would replace what the next writer has stored.</summary>
    private static readonly TimeSpan LongestChange = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);

    /// <returns>What is stored now. Another instance may have stored it a moment ago.</returns>
    /// <exception cref="CredentialUnreadableException">The store is unavailable.</exception>
    internal async Task<SourceKeys?> FindAsync(string sourceId, CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Find(sourceId);

    /// <param name="keys">Null removes the source's.</param>
    /// <returns>False when the secret has no room for more.</returns>
    internal async Task<bool> ChangeAsync(string sourceId, SourceKeys? keys, CancellationToken cancellationToken)
    {
        var writer = Guid.NewGuid().ToString("N");
        await TakeTurnAsync(writer, cancellationToken);
        using var late = new CancellationTokenSource(LongestChange, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await WriteAsync(sourceId, keys, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OutageException($"the store did not respond within {LongestChange.TotalSeconds:0} seconds");
        }
        finally
        {
            await EndTurnAsync(writer);
        }
    }

    private async Task<bool> WriteAsync(string sourceId, SourceKeys? keys, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(cancellationToken);
        if (stored.Find(sourceId) == keys) return true;
        var changed = stored.With(sourceId, keys);
        if (!changed.Fits) return false;
        // Never deleted: Key Vault keeps a deleted secret's name for days, and would have to recover it for the next source.
        await credentials.ReplaceAsync(changed, null, cancellationToken);
        return true;
    }

    private async Task<MonitorKeys> ReadAsync(CancellationToken cancellationToken)
    {
        credentials.Expire();
        return await credentials.GetAsync(cancellationToken) ?? MonitorKeys.None;
    }

    private async Task TakeTurnAsync(string writer, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (!await TryTakeTurnAsync(writer, cancellationToken))
        {
            if (time.GetElapsedTime(start) > Patience) throw new OutageException("another request is changing the keys of a monitor");
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task<bool> TryTakeTurnAsync(string writer, CancellationToken cancellationToken)
    {
        var taken = false;
        try
        {
            await _table.ChangeAsync(
                Partition, TurnRow,
                row =>
                {
                    // Its own row: the response to the write that took the turn was lost.
                    taken = row is null || row.GetString("Writer") == writer || row.GetDateTimeOffset("Until") <= time.GetUtcNow();
                    return taken ? RowOf(writer, time.GetUtcNow() + Turn) : null;
                },
                cancellationToken);
            return taken;
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
            return false;
        }
    }

    /// <summary>Not by the caller's token: the next writer would wait for the turn's end.</summary>
    private async Task EndTurnAsync(string writer)
    {
        try
        {
            await _table.ChangeAsync(
                Partition, TurnRow, row => row?.GetString("Writer") == writer ? RowOf(writer, time.GetUtcNow()) : null, CancellationToken.None);
        }
        catch (Exception e) when (StorageError.IsOutageOrRefusal(e))
        {
            // The keys are stored; the turn ends by its time.
        }
    }

    private static TableEntity RowOf(string writer, DateTimeOffset until) => new(Partition, TurnRow) { ["Writer"] = writer, ["Until"] = until };
}
