using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Resolution;

/// <summary>Closes that wait for a key or a setting. No try is made and none is used up until that works.</summary>
public sealed class ParkedCloses(TableServiceClient tables)
{
    private const string Partition = "parked";
    private readonly TableClient _table = tables.GetTableClient(TableNames.ParkedCloses);

    /// <summary>An incident has one close at a time: a later one takes the place of an earlier.</summary>
    internal Task AddAsync(CloseIncidentAction action, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, TableKey.Of(action.IncidentId))
        {
            ["Action"] = JsonSerializer.Serialize(action, ActionJson.Default.CloseIncidentAction),
            ["ParkedAt"] = at,
        };
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    internal async Task<IReadOnlyList<ParkedClose>> ListAsync(CancellationToken cancellationToken)
    {
        List<ParkedClose> closes = [];
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            var action = JsonSerializer.Deserialize(row.GetString("Action"), ActionJson.Default.CloseIncidentAction) ?? throw new InvalidDataException($"Row {row.RowKey} holds no close.");
            closes.Add(new ParkedClose(action, row.GetDateTimeOffset("ParkedAt") ?? default));
        }

        return closes;
    }

    internal Task RemoveAsync(string incidentId, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, TableKey.Of(incidentId), cancellationToken: cancellationToken);
}

internal sealed record ParkedClose(CloseIncidentAction Action, DateTimeOffset ParkedAt);
