using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Actions;

/// <summary>Actions that wait for a valid key or setting. Waiting makes no attempt and uses none up.</summary>
public sealed partial class ParkedActions(TableServiceClient tables, ILogger<ParkedActions> logger)
{
    private const string NotBeforeColumn = "RestsUntil";
    private const string UnreportedColumn = "IsUnreported";
    private const string BeforeReplayColumn = "AttemptsBeforeReplay";

    private readonly TableClient _table = tables.GetTableClient(TableNames.ParkedActions);

    /// <param name="delivery">Stored with its attempt and stage: what may already have been carried out is not repeated blindly.</param>
    internal Task AddAsync(ActionDelivery delivery, Parking parking, CancellationToken cancellationToken)
    {
        var row = new TableEntity(PartitionOf(delivery.Action.Destination), Row(delivery.Action))
        {
            ["Action"] = JsonSerializer.Serialize(delivery.Action, ActionJson.Default.AlertAction),
            ["Attempt"] = delivery.Attempt,
            ["IsVerification"] = delivery.IsVerification,
            ["MayBeDone"] = delivery.MayBeDone,
            [BeforeReplayColumn] = delivery.AttemptsBeforeReplay,
            ["ParkedAt"] = parking.At,
            [NotBeforeColumn] = parking.At + parking.Rest,
        };
        if (!parking.IsReported) row[UnreportedColumn] = true;
        EntityLimits.Check(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>
    /// Reads page by page: while the key is invalid there may be as many as there are incidents. An unreadable row stays and does not block the others.
    /// </summary>
    internal async IAsyncEnumerable<ParkedAction> ListAsync(Destination destination, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(destination)}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (Read(row) is not { } action) continue;
            var delivery = new ActionDelivery(
                action, row.GetInt32("Attempt") ?? 1, row.GetBoolean("IsVerification") ?? false, MayBeDone: row.GetBoolean("MayBeDone") ?? false,
                AttemptsBeforeReplay: row.GetInt32(BeforeReplayColumn) ?? 0);
            var (at, notBefore) = (row.GetDateTimeOffset("ParkedAt") ?? default, row.GetDateTimeOffset(NotBeforeColumn) ?? default);
            yield return new ParkedAction(delivery, new Parking(at, notBefore - at, row.GetBoolean(UnreportedColumn) != true), row.ETag);
        }
    }

    /// <summary>Counts those of all destinations up to a number: while a key is invalid there may be as many as there are incidents.</summary>
    internal async Task<int> CountAsync(int most, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var destination in Enum.GetValues<Destination>())
        {
            if (count == most) break;
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(destination)}");
            count += await _table.QueryAsync<TableEntity>(filter, maxPerPage: most - count, select: ["RowKey"], cancellationToken)
                .Take(most - count).CountAsync(cancellationToken);
        }

        return count;
    }

    /// <summary>Leaves an action that was parked again since it was listed: deleting it would lose it.</summary>
    internal async Task RemoveAsync(ParkedAction parked, CancellationToken cancellationToken)
    {
        try
        {
            await _table.DeleteEntityAsync(PartitionOf(parked.Action.Destination), Row(parked.Action), parked.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (StorageError.IsConflict(e))
        {
        }
    }

    /// <summary>BigPanda's rows are in the partition of the time when there was no other destination.</summary>
    private static string PartitionOf(Destination destination) =>
        destination == Destination.BigPanda ? "parked" : $"parked-{destination}".ToLowerInvariant();

    private static string Row(AlertAction action) => $"{TableKey.Of(action.IncidentId)}|{action.ActionId}";

    private AlertAction? Read(TableEntity row)
    {
        try
        {
            if (row.GetString("Action") is { } json && JsonSerializer.Deserialize(json, ActionJson.Default.AlertAction) is { } action) return action;
        }
        catch (JsonException)
        {
            // Logged below.
        }

        Log.Unreadable(logger, row.RowKey);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Could not read the parked action {RowKey}; it stays parked. Deploy the version that wrote it, or delete the row")]
        public static partial void Unreadable(ILogger logger, string rowKey);
    }
}

/// <param name="Rest">The least time before the next attempt, unless a key is connected before.</param>
/// <param name="IsReported">The alert shows the action as parked.</param>
internal sealed record Parking(DateTimeOffset At, TimeSpan Rest, bool IsReported = true);

internal sealed record ParkedAction(ActionDelivery Delivery, Parking Parking, ETag ETag)
{
    public AlertAction Action => Delivery.Action;

    public DateTimeOffset ParkedAt => Parking.At;

    public DateTimeOffset NotBefore => Parking.At + Parking.Rest;
}
