using System.Collections.Concurrent;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.PagerDuty.Webhook;

/// <summary>
/// The webhook subscriptions in PagerDuty that send here: those that have sent something, noted once an hour by an instance that gets webhooks, and those
/// that PagerDuty's API shows with our address. PagerDuty may disable one.
/// </summary>
public sealed partial class SubscriptionStore(TableServiceClient tables, TimeProvider time, ILogger<SubscriptionStore> logger)
{
    private const string Partition = "pagerduty-subscription";
    private const string IdColumn = "SubscriptionId";

    /// <summary>An account has at most ten for each of its services; all of them authentic.</summary>
    private const int MostRemembered = 1000;
    private const int MaxIdLength = 128;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _written = new(StringComparer.Ordinal);

    internal async Task<IReadOnlyList<KnownSubscription>> ListAsync(CancellationToken cancellationToken)
    {
        List<KnownSubscription> all = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.GetString(IdColumn) is not { } id) continue;
            all.Add(new KnownSubscription(
                id,
                row.GetString(nameof(KnownSubscription.Url)),
                row.GetString(nameof(KnownSubscription.State)) ?? SubscriptionStates.Unknown,
                row.GetDateTimeOffset(nameof(KnownSubscription.SeenAt)),
                row.GetDateTimeOffset(nameof(KnownSubscription.CheckedAt))));
        }

        return all;
    }

    /// <summary>What PagerDuty's API shows of it.</summary>
    internal Task SaveStateAsync(string id, string? url, string state, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, TableKey.Of(id))
        {
            [IdColumn] = id,
            [nameof(KnownSubscription.Url)] = url,
            [nameof(KnownSubscription.State)] = state,
            [nameof(KnownSubscription.CheckedAt)] = time.GetUtcNow(),
        };
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken);
    }

    internal Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, TableKey.Of(id), cancellationToken: cancellationToken);

    /// <summary>An outage of the tables does not fail the webhook; the next one an hour later is noted.</summary>
    internal async Task NoteAsync(string? id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (id is not { Length: > 0 and <= MaxIdLength } || _written.TryGetValue(id, out var before) && now - before < Interval) return;
        if (_written.Count >= MostRemembered) _written.Clear();
        _written[id] = now;
        try
        {
            var row = new TableEntity(Partition, TableKey.Of(id)) { [IdColumn] = id, [nameof(KnownSubscription.SeenAt)] = now };
            await _table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken);
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

/// <param name="State">One of <see cref="SubscriptionStates"/>.</param>
/// <param name="SeenAt">When a webhook of it was received last, to the hour; null when none was.</param>
internal sealed record KnownSubscription(string Id, string? Url, string State, DateTimeOffset? SeenAt, DateTimeOffset? CheckedAt);

internal static class SubscriptionStates
{
    public const string On = "on";

    /// <summary>Switched off by a person.</summary>
    public const string Off = "off";

    /// <summary>Switched off by PagerDuty, for a day.</summary>
    public const string Disabled = "disabled";

    public const string Unknown = "unknown";
}
