using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Messaging.Settling;

/// <summary>
/// Finds the message that kills the process. A delivery without a settlement can be that message, a lock lost in a broker outage, or a
/// message processed next to the one that kills. So a message interrupted several times runs as the only suspect, between two writes: a
/// run that began and did not end is a process that died, and over several runs only that message can be the cause.
/// </summary>
public sealed class Suspects(TableServiceClient tables, TimeProvider time) : IDisposable
{
    /// <summary>Interruptions from which a message is a suspect; below, nothing is written.</summary>
    internal const int MinInterruptions = 3;

    /// <summary>Runs without an end after which the message is dead-lettered.</summary>
    internal const int MaxDeaths = 10;

    /// <summary>Together with the work itself this stays within functionTimeout.</summary>
    private static readonly TimeSpan TurnTimeout = TimeSpan.FromMinutes(5);

    private const string Row = "suspect";
    private readonly TableClient _table = tables.GetTableClient(TableNames.Suspects);
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="ProcessKilledException">The process died ten times while it ran this message.</exception>
    internal async Task<T> RunAsync<T>(string messageId, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken);
        try
        {
            await BeginAsync(TableKey.Of(messageId), cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                // The process survived, whatever the result; a stop by the host is not a death either.
                await _table.DeleteEntityAsync(TableKey.Of(messageId), Row, cancellationToken: CancellationToken.None);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(TurnTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await _turn.WaitAsync(either.Token);
    }

    public void Dispose() => _turn.Dispose();

    private async Task BeginAsync(string partition, CancellationToken cancellationToken)
    {
        var deaths = (await _table.FindAsync(partition, Row, cancellationToken))?.GetInt32("Runs") ?? 0;
        if (deaths >= MaxDeaths)
        {
            await _table.DeleteEntityAsync(partition, Row, cancellationToken: cancellationToken);
            throw new ProcessKilledException($"The process died {deaths} times while it worked on this message and no other suspect.");
        }

        await _table.UpsertEntityAsync(new TableEntity(partition, Row) { ["Runs"] = deaths + 1 }, TableUpdateMode.Replace, cancellationToken);
    }
}

/// <summary>Running the message kills the process: it is dead-lettered.</summary>
public sealed class ProcessKilledException(string message) : Exception(message);
