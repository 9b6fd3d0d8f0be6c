using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Resolution;

/// <summary>Actions that wait for a key or a setting. No try is made and none is used up until that works.</summary>
public sealed class ParkedActions(TableServiceClient tables)
{
    private const string Partition = "parked";
    private readonly TableClient _table = tables.GetTableClient(TableNames.ParkedActions);

    internal Task AddAsync(AlertAction action, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, Row(action))
        {
            ["Action"] = JsonSerializer.Serialize(action, ActionJson.Default.AlertAction),
            ["ParkedAt"] = at,
        };
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    internal async Task<IReadOnlyList<ParkedAction>> ListAsync(CancellationToken cancellationToken)
    {
        List<ParkedAction> actions = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            var action = JsonSerializer.Deserialize(row.GetString("Action"), ActionJson.Default.AlertAction) ?? throw new InvalidDataException($"Row {row.RowKey} holds no action.");
            actions.Add(new ParkedAction(action, row.GetDateTimeOffset("ParkedAt") ?? default, row.ETag));
        }

        return actions;
    }

    /// <summary>Does nothing when the action has been parked anew since it was listed: it would be lost.</summary>
    internal async Task RemoveAsync(ParkedAction parked, CancellationToken cancellationToken)
    {
        try
        {
            await _table.DeleteEntityAsync(Partition, Row(parked.Action), parked.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (StorageFault.IsConflict(e))
        {
        }
    }

    private static string Row(AlertAction action) => $"{TableKey.Of(action.IncidentId)}|{action.ActionId}";
}

internal sealed record ParkedAction(AlertAction Action, DateTimeOffset ParkedAt, ETag ETag);
