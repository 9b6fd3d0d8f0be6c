using Azure.Data.Tables;
using BigPanda.Functions.Http;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>Remembers how the latest calls went, for people who ask whether the connection works. At most one table write a minute of each kind.</summary>
public sealed partial class ApiCalls(TableServiceClient tables, AppMetrics metrics, TimeProvider time, ILogger<ApiCalls> logger)
{
    private const string Partition = "bigpanda";
    private const string Row = "calls";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);
    private long _successWrittenAt;
    private long _failureWrittenAt;
    private volatile ApiCredential? _rejected;

    internal async Task<CallHistory> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, Row, cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row }
            ? new CallHistory(row.GetDateTimeOffset("LastSuccessAt"), row.GetDateTimeOffset("LastFailureAt"), row.GetString("LastFailure"))
            : new CallHistory(null, null, null);
    }

    internal async Task NoteAsync(ApiCredential credential, ApiOutcome outcome, CancellationToken cancellationToken)
    {
        var works = outcome.Result is ApiResult.Done or ApiResult.Conflict;
        if (outcome.Status == 401) Rejected(credential, outcome);
        else if (works && _rejected == credential) _rejected = null;

        if (!IsDue(ref (works ? ref _successWrittenAt : ref _failureWrittenAt))) return;
        var row = new TableEntity(Partition, Row) { [works ? "LastSuccessAt" : "LastFailureAt"] = time.GetUtcNow() };
        if (!works) row["LastFailure"] = outcome.Detail;
        try
        {
            await _table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageFault.IsOutage(e))
        {
            Log.NotWritten(logger, e.Message);
        }
    }

    /// <summary>A new key has no history.</summary>
    internal Task ForgetAsync(CancellationToken cancellationToken)
    {
        _successWrittenAt = _failureWrittenAt = 0;
        _rejected = null;
        return _table.DeleteEntityAsync(Partition, Row, cancellationToken: cancellationToken);
    }

    /// <summary>Once for a key: a storm of closes says it no louder.</summary>
    private void Rejected(ApiCredential credential, ApiOutcome outcome)
    {
        metrics.KeyRejected();
        if (_rejected == credential) return;
        _rejected = credential;
        Log.Rejected(logger, outcome.Detail);
    }

    private bool IsDue(ref long writtenAt)
    {
        var now = time.GetUtcNow().UtcTicks;
        var last = Interlocked.Read(ref writtenAt);
        return now - last >= Interval.Ticks && Interlocked.CompareExchange(ref writtenAt, now, last) == last;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "BigPanda rejects the API key, which worked or was new: connect another ({Detail})")]
        public static partial void Rejected(ILogger logger, string detail);

        [LoggerMessage(2, LogLevel.Warning, "How the latest call of BigPanda went could not be written down: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);
    }
}

internal sealed record CallHistory(DateTimeOffset? LastSuccessAt, DateTimeOffset? LastFailureAt, string? LastFailure);
