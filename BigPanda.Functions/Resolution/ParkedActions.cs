using System.Text.Json;
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
            actions.Add(new ParkedAction(action, row.GetDateTimeOffset("ParkedAt") ?? default));
        }

        return actions;
    }

    internal Task RemoveAsync(AlertAction action, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, Row(action), cancellationToken: cancellationToken);

    private static string Row(AlertAction action) => $"{TableKey.Of(action.IncidentId)}|{action.ActionId}";
}

internal sealed record ParkedAction(AlertAction Action, DateTimeOffset ParkedAt);
