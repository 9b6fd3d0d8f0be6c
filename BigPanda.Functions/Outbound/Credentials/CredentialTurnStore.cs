using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>
/// The turns of those who change a part of a secret. Key Vault replaces a secret whatever it was, so that of two writers at once one would lose the other's
/// change: they take turns by a row in a table.
/// </summary>
public sealed class CredentialTurnStore<T>(CredentialKind<T> kind, TableServiceClient tables, TimeProvider time)
    where T : class
{
    private const string Partition = "turns";

    /// <summary>How long the turn of a writer that crashed is kept.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(2);

    /// <summary>A change is given up well before its turn ends by another's clock: a late write would replace what the next writer has stored.</summary>
    private static readonly TimeSpan LongestChange = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);

    /// <summary>Makes a change when no other one is being made: reads what is stored, and writes it as changed.</summary>
    /// <exception cref="OutageException">Another change takes too long, or this one does.</exception>
    internal async Task<TResult> RunAsync<TResult>(Func<CancellationToken, Task<TResult>> change, CancellationToken cancellationToken)
    {
        var writer = Guid.NewGuid().ToString("N");
        await TakeAsync(writer, cancellationToken);
        using var late = new CancellationTokenSource(LongestChange, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await change(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OutageException($"the store did not respond within {LongestChange.TotalSeconds:0} seconds");
        }
        finally
        {
            await EndAsync(writer);
        }
    }

    private async Task TakeAsync(string writer, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (!await TryTakeAsync(writer, cancellationToken))
        {
            if (time.GetElapsedTime(start) > Patience) throw new OutageException($"another request is changing the stored connection to {kind.Vendor}");
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task<bool> TryTakeAsync(string writer, CancellationToken cancellationToken)
    {
        var taken = false;
        try
        {
            await _table.ChangeAsync(
                Partition, kind.SecretName,
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
    private async Task EndAsync(string writer)
    {
        try
        {
            await _table.ChangeAsync(
                Partition, kind.SecretName, row => row?.GetString("Writer") == writer ? RowOf(writer, time.GetUtcNow()) : null, CancellationToken.None);
        }
        catch (Exception e) when (StorageError.IsOutageOrRefusal(e))
        {
            // The keys are stored; the turn ends by its time.
        }
    }

    private TableEntity RowOf(string writer, DateTimeOffset until) => new(Partition, kind.SecretName) { ["Writer"] = writer, ["Until"] = until };
}
