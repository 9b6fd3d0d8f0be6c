using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// Finds the message that kills the process. A delivery that ends without a word can be that, or a lock lost in an outage of the broker, or the
/// neighbour of the one that kills. So a message to which that has happened several times is worked on alone of its kind, between two
/// writes: a run that began and did not end is a process that died, and only its own message can be the reason each time.
/// </summary>
public sealed class Suspects(TableServiceClient tables, TimeProvider time) : IDisposable
{
    /// <summary>From so many interruptions on a message is under suspicion; before, nothing is written.</summary>
    internal const int MinInterruptions = 3;

    /// <summary>So many runs that did not end make a dead letter.</summary>
    internal const int MaxDeaths = 10;

    /// <summary>How long one waits for its turn; with what it then does that is within a function's time.</summary>
    private static readonly TimeSpan TurnTimeout = TimeSpan.FromMinutes(5);

    private const string Row = "suspect";
    private readonly TableClient _table = tables.GetTableClient(TableNames.Suspects);
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="ProcessKilledException">The message has been under way in a process that died ten times.</exception>
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
                // It lives, whatever came of it. What the host stops on the way did not kill it either.
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
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(partition, Row, cancellationToken: cancellationToken);
        var deaths = found is { HasValue: true, Value: { } row } ? row.GetInt32("Runs") ?? 0 : 0;
        if (deaths >= MaxDeaths)
        {
            await _table.DeleteEntityAsync(partition, Row, cancellationToken: cancellationToken);
            throw new ProcessKilledException($"The process died {deaths} times while it worked on this message and no other suspect.");
        }

        await _table.UpsertEntityAsync(new TableEntity(partition, Row) { ["Runs"] = deaths + 1 }, TableUpdateMode.Replace, cancellationToken);
    }
}

/// <summary>The message goes to the dead-letter queue: working on it ends the process.</summary>
public sealed class ProcessKilledException(string message) : Exception(message);
