using System.Collections.Concurrent;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.PagerDuty.Webhook;

/// <summary>
/// The webhook subscriptions that have sent something: only their webhooks say which they are, and PagerDuty may disable one. Written once an hour by an
/// instance that gets webhooks.
/// </summary>
public sealed partial class SubscriptionStore(TableServiceClient tables, TimeProvider time, ILogger<SubscriptionStore> logger)
{
    private const string Partition = "pagerduty-subscription";
    private const string IdColumn = "SubscriptionId";
    private const string SeenColumn = "SeenAt";

    /// <summary>An account has at most ten for each of its services; all of them authentic.</summary>
    private const int MostRemembered = 1000;
    private const int MaxIdLength = 128;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _written = new(StringComparer.Ordinal);

    /// <summary>Newest first.</summary>
    internal async Task<IReadOnlyList<SeenSubscription>> ListAsync(CancellationToken cancellationToken)
    {
        List<SeenSubscription> all = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.GetString(IdColumn) is { } id && row.GetDateTimeOffset(SeenColumn) is { } at) all.Add(new SeenSubscription(id, at));
        }

        return [.. all.OrderByDescending(one => one.SeenAt)];
    }

    /// <summary>An outage of the tables does not fail the webhook; the next one an hour later is noted.</summary>
    internal async Task NoteAsync(string? id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (id is not { Length: > 0 and <= MaxIdLength } || _written.TryGetValue(id, out var before) && now - before < Interval) return;
        if (_written.Count >= MostRemembered) _written.Clear();
        _written[id] = now;
        try
        {
            var row = new TableEntity(Partition, TableKey.Of(id)) { [IdColumn] = id, [SeenColumn] = now };
            await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        }
        catch (Exception e) when (StorageError.IsOutageOrRefusal(e) || e is OperationCanceledException)
        {
            Log.NotNoted(logger, id, StorageError.Describe(e));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not note that PagerDuty's subscription {Id} sends webhooks. Will retry in an hour: {Reason}")]
        public static partial void NotNoted(ILogger logger, string id, string reason);
    }
}

internal sealed record SeenSubscription(string Id, DateTimeOffset SeenAt);
