using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <param name="State">One of <see cref="SubscriptionStates"/>.</param>
/// <param name="SeenAt">When a webhook of it was received last, to the day.</param>
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

/// <summary>Stores a row for each webhook subscription in PagerDuty that sends here.</summary>
public sealed class SubscriptionStore(TableServiceClient tables)
{
    private const string Partition = "pagerduty-subscriptions";

    private readonly TableClient _table = tables.GetTableClient(TableNames.Connections);

    internal async Task<IReadOnlyList<KnownSubscription>> ListAsync(CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        List<KnownSubscription> known = [];
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            known.Add(new KnownSubscription(
                row.GetString(nameof(KnownSubscription.Id)) ?? row.RowKey,
                row.GetString(nameof(KnownSubscription.Url)),
                row.GetString(nameof(KnownSubscription.State)) ?? SubscriptionStates.Unknown,
                row.GetDateTimeOffset(nameof(KnownSubscription.SeenAt)),
                row.GetDateTimeOffset(nameof(KnownSubscription.CheckedAt))));
        }

        return known;
    }

    internal Task SaveSeenAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) =>
        MergeAsync(
            new TableEntity(Partition, TableKey.Of(id)) { [nameof(KnownSubscription.Id)] = id, [nameof(KnownSubscription.SeenAt)] = at }, cancellationToken);

    internal Task SaveStateAsync(string id, string? url, string state, DateTimeOffset at, CancellationToken cancellationToken) => MergeAsync(
        new TableEntity(Partition, TableKey.Of(id))
        {
            [nameof(KnownSubscription.Id)] = id,
            [nameof(KnownSubscription.Url)] = url,
            [nameof(KnownSubscription.State)] = state,
            [nameof(KnownSubscription.CheckedAt)] = at,
        },
        cancellationToken);

    internal Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, TableKey.Of(id), cancellationToken: cancellationToken);

    private async Task MergeAsync(TableEntity row, CancellationToken cancellationToken)
    {
        EntityLimits.Check(row);
        await _table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken);
    }
}
