using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>Saves the time and result of a connection's latest calls for GET /connection. At most one table write a minute for each kind.</summary>
public sealed partial class ApiCalls(
    [FromKeyedServices] CalledApi api, TableServiceClient tables, AppMetrics metrics, TimeProvider time, ILogger<ApiCalls> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);
    private volatile ApiCredential? _recorded;
    private long _successSavedAt;
    private long _failureSavedAt;
    private volatile ApiCredential? _rejected;

    internal async Task<CallHistory> ReadAsync(string connectionId, CancellationToken cancellationToken) =>
        await _table.FindAsync(api.Key, CallsRow(connectionId), cancellationToken) is { } row
            ? new CallHistory(row.GetDateTimeOffset("LastSuccessAt"), row.GetDateTimeOffset("LastFailureAt"), row.GetString("LastFailure"))
            : CallHistory.None;

    /// <summary>Removes the histories of keys that were not used since.</summary>
    internal Task RemoveOldAsync(DateTimeOffset before, CancellationToken cancellationToken) => _table.RemoveOlderAsync(api.Key, before, cancellationToken);

    internal async Task RecordAsync(ApiCredential credential, ApiOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            var works = outcome.Result is ApiResult.Done or ApiResult.Conflict;
            if (outcome.Status == 401) await RecordRejectionAsync(credential, outcome, cancellationToken);
            else if (works && _rejected == credential) await ClearRejectionAsync(credential, cancellationToken);

            // A new key's first result is saved at once.
            if (credential != _recorded) _successSavedAt = _failureSavedAt = 0;
            _recorded = credential;
            if (!IsDue(ref (works ? ref _successSavedAt : ref _failureSavedAt))) return;
            var row = new TableEntity(api.Key, CallsRow(credential.ConnectionId)) { [works ? "LastSuccessAt" : "LastFailureAt"] = time.GetUtcNow() };
            if (!works) row["LastFailure"] = outcome.Detail;
            await _table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken);
        }
        // The call was made. Failing here would have it made again.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutageOrRefusal(e))
        {
            Log.NotSaved(logger, api.Name, StorageError.Describe(e));
        }
    }

    /// <summary>Logs a rejected key once for a connection across all instances, however many closes it fails.</summary>
    private async Task RecordRejectionAsync(ApiCredential credential, ApiOutcome outcome, CancellationToken cancellationToken)
    {
        metrics.CountKeyRejection(api.Key);
        if (_rejected == credential) return;
        _rejected = credential;
        try
        {
            await _table.AddEntityAsync(new TableEntity(api.Key, RejectedRow(credential)), cancellationToken);
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
            return;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            // Logged twice rather than not at all.
        }

        Log.Rejected(logger, api.Name, api.WhenKeyIsRejected, outcome.Detail);
    }

    private async Task ClearRejectionAsync(ApiCredential credential, CancellationToken cancellationToken)
    {
        _rejected = null;
        await _table.DeleteEntityAsync(api.Key, RejectedRow(credential), cancellationToken: cancellationToken);
    }

    private static string CallsRow(string connectionId) => $"{connectionId}|calls";

    private static string RejectedRow(ApiCredential credential) => $"{credential.ConnectionId}|rejected";

    private bool IsDue(ref long savedAt)
    {
        var now = time.GetUtcNow().UtcTicks;
        var last = Interlocked.Read(ref savedAt);
        return now - last >= Interval.Ticks && Interlocked.CompareExchange(ref savedAt, now, last) == last;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Api} returned 401 for the API key. {WhatFollows} ({Detail})")]
        public static partial void Rejected(ILogger logger, string api, string whatFollows, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Could not save the result of the last {Api} call (the call itself was made): {Reason}")]
        public static partial void NotSaved(ILogger logger, string api, string reason);
    }
}

internal sealed record CallHistory(DateTimeOffset? LastSuccessAt, DateTimeOffset? LastFailureAt, string? LastFailure)
{
    public static readonly CallHistory None = new(null, null, null);
}
