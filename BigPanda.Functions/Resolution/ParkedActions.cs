using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>Actions that wait for a key or a setting. No try is made and none is used up until that works.</summary>
public sealed partial class ParkedActions(TableServiceClient tables, ILogger<ParkedActions> logger)
{
    private const string Partition = "parked";
    private readonly TableClient _table = tables.GetTableClient(TableNames.ParkedActions);

    /// <param name="delivery">Kept with how far it has come: what BigPanda may have carried out already is not to be done again unseen.</param>
    /// <param name="rest">How long it is of no use to try it again, unless another key is connected.</param>
    internal Task AddAsync(ActionDelivery delivery, DateTimeOffset at, TimeSpan rest, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, Row(delivery.Action))
        {
            ["Action"] = JsonSerializer.Serialize(delivery.Action, ActionJson.Default.AlertAction),
            ["Attempt"] = delivery.Attempt,
            ["IsVerification"] = delivery.IsVerification,
            ["ParkedAt"] = at,
            ["RestsUntil"] = at + rest,
        };
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Page by page: there may be as many as BigPanda has incidents while its key is bad. One that cannot be read stays, and does not hold up the others.</summary>
    internal async IAsyncEnumerable<ParkedAction> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (Read(row) is { } action) yield return new ParkedAction(new ActionDelivery(action, row.GetInt32("Attempt") ?? 1, row.GetBoolean("IsVerification") ?? false), row.GetDateTimeOffset("ParkedAt") ?? default, row.GetDateTimeOffset("RestsUntil") ?? default, row.ETag);
        }
    }

    /// <summary>Does nothing when the action has been parked again since it was listed: it would be lost.</summary>
    internal async Task RemoveAsync(ParkedAction parked, CancellationToken cancellationToken)
    {
        try
        {
            await _table.DeleteEntityAsync(Partition, Row(parked.Action), parked.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
        }
    }

    private static string Row(AlertAction action) => $"{TableKey.Of(action.IncidentId)}|{action.ActionId}";

    private AlertAction? Read(TableEntity row)
    {
        try
        {
            if (row.GetString("Action") is { } json && JsonSerializer.Deserialize(json, ActionJson.Default.AlertAction) is { } action) return action;
        }
        // The second is thrown for an action of no kind.
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            // Said below.
        }

        Log.Unreadable(logger, row.RowKey);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The parked action {RowKey} cannot be read and stays parked: a newer version may have written it, or it was damaged")]
        public static partial void Unreadable(ILogger logger, string rowKey);
    }
}

internal sealed record ParkedAction(ActionDelivery Delivery, DateTimeOffset ParkedAt, DateTimeOffset RestsUntil, ETag ETag)
{
    public AlertAction Action => Delivery.Action;
}
