using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Actions;

/// <summary>
/// Actions that wait for a valid key or setting, or for a person's decision about what the brake holds. Waiting makes no attempt and uses none up.
/// </summary>
public sealed partial class ParkedActions(TableServiceClient tables, ILogger<ParkedActions> logger)
{
    private const string NotBeforeColumn = "RestsUntil";
    private const string UnreportedColumn = "IsUnreported";
    private const string BeforeReplayColumn = "AttemptsBeforeReplay";
    private const string EngagementColumn = "Engagement";
    private const string MessageColumn = "MessageId";
    private const string AttemptColumn = "Attempt";
    private const string MayBeDoneColumn = "MayBeDone";
    private const string ParkedAtColumn = "ParkedAt";
    private static readonly string[] CauseColumns = ["IncidentId", "Via", "Actor", ParkedAtColumn];

    /// <summary>Longer than any message of a dropped action lives.</summary>
    private static readonly TimeSpan DropsKeptFor = TimeSpan.FromDays(30);

    private readonly TableClient _table = tables.GetTableClient(TableNames.ParkedActions);

    /// <summary>Another delivery of the same message may have parked it before, by another clock: what is known of its calls stays, and a later time.</summary>
    /// <param name="delivery">Stored with its attempt and stage: what may already have been carried out is not repeated blindly.</param>
    internal Task AddAsync(ActionDelivery delivery, Parking parking, CancellationToken cancellationToken)
    {
        var partition = parking.Hold is { } held ? PartitionOf(held.Brake) : PartitionOf(delivery.Action.Destination);
        var row = new TableEntity(partition, Row(delivery.Action))
        {
            ["Action"] = JsonSerializer.Serialize(delivery.Action, ActionJson.Default.AlertAction),
            [AttemptColumn] = delivery.Attempt,
            ["IsVerification"] = delivery.IsVerification,
            [MayBeDoneColumn] = delivery.MayBeDone,
            [BeforeReplayColumn] = delivery.AttemptsBeforeReplay,
            [ParkedAtColumn] = parking.At,
            [NotBeforeColumn] = parking.At + parking.Rest,
        };
        if (!parking.IsReported) row[UnreportedColumn] = true;
        if (parking.Hold is { } hold) AddHold(row, delivery.Action, hold);
        return _table.ChangeAsync(partition, row.RowKey, before => before is null ? row : Behind(before, row), cancellationToken);
    }

    /// <summary>
    /// Reads page by page: while the key is invalid there may be as many as there are incidents. An unreadable row stays and does not block the others.
    /// </summary>
    internal IAsyncEnumerable<ParkedAction> ListAsync(Destination destination, CancellationToken cancellationToken) =>
        ListAsync(TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(destination)}"), null, cancellationToken);

    /// <param name="upTo">The newest engagement that there is a decision about.</param>
    internal IAsyncEnumerable<ParkedAction> ListHeldAsync(BrakeKind brake, long upTo, CancellationToken cancellationToken) =>
        ListAsync(TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(brake)} and Engagement le {upTo}"), brake, cancellationToken);

    /// <summary>Those of one incident, in all destinations, and those that a brake holds.</summary>
    internal async IAsyncEnumerable<ParkedAction> ListOfAsync(string incidentId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The rows of an incident whose id begins alike have another sign at the place of the bar.
        var (from, to) = ($"{TableKey.Of(incidentId)}|", $"{TableKey.Of(incidentId)}}}");
        IEnumerable<(string, BrakeKind?)> partitions =
        [
            .. Enum.GetValues<Destination>().Select(destination => (PartitionOf(destination), (BrakeKind?)null)),
            .. Enum.GetValues<BrakeKind>().Select(brake => (PartitionOf(brake), (BrakeKind?)brake)),
        ];
        foreach (var (partition, brake) in partitions)
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}");
            await foreach (var action in ListAsync(filter, brake, cancellationToken)) yield return action;
        }
    }

    /// <summary>Who and what caused those that a brake holds, up to a number of them.</summary>
    internal async Task<HeldSummary> SummarizeHeldAsync(BrakeKind brake, int most, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(brake)}");
        var summary = new HeldSummary(most);
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: CauseColumns, cancellationToken: cancellationToken).Take(most))
            summary.Add(row.GetString("IncidentId") ?? "", row.GetString("Via"), row.GetString("Actor"), row.GetDateTimeOffset(ParkedAtColumn) ?? default);
        return summary;
    }

    /// <returns>Null when the brake does not hold the action.</returns>
    internal async Task<Hold?> FindHoldAsync(BrakeKind brake, AlertAction action, CancellationToken cancellationToken) =>
        await _table.FindAsync(PartitionOf(brake), Row(action), [EngagementColumn, MessageColumn], cancellationToken) is { } row ? ReadHold(row, brake) : null;

    /// <summary>Before the action's row is removed: its message may be delivered once more.</summary>
    internal Task MarkDroppedAsync(ParkedAction held, Hold hold, CancellationToken cancellationToken)
    {
        var row = new TableEntity(DroppedPartitionOf(hold.Brake), Row(held.Action)) { [MessageColumn] = hold.MessageId };
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Whether the action was dropped after this very message had been held.</summary>
    internal async Task<bool> IsDroppedAsync(BrakeKind brake, AlertAction action, string messageId, CancellationToken cancellationToken) =>
        (await _table.FindAsync(DroppedPartitionOf(brake), Row(action), cancellationToken))?.GetString(MessageColumn) == messageId;

    internal Task RemoveOldDropsAsync(BrakeKind brake, DateTimeOffset now, CancellationToken cancellationToken) =>
        _table.RemoveOlderAsync(DroppedPartitionOf(brake), now - DropsKeptFor, cancellationToken);

    private async IAsyncEnumerable<ParkedAction> ListAsync(string filter, BrakeKind? brake, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (Read(row) is not { } action) continue;
            var delivery = new ActionDelivery(
                action, row.GetInt32(AttemptColumn) ?? 1, row.GetBoolean("IsVerification") ?? false, MayBeDone: row.GetBoolean(MayBeDoneColumn) ?? false,
                AttemptsBeforeReplay: row.GetInt32(BeforeReplayColumn) ?? 0);
            var (at, notBefore) = (row.GetDateTimeOffset(ParkedAtColumn) ?? default, row.GetDateTimeOffset(NotBeforeColumn) ?? default);
            var parking = new Parking(at, notBefore - at, row.GetBoolean(UnreportedColumn) != true) { Hold = brake is { } kind ? ReadHold(row, kind) : null };
            yield return new ParkedAction(delivery, parking, row.ETag);
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
    internal Task RemoveAsync(ParkedAction parked, CancellationToken cancellationToken)
    {
        var partition = parked.Parking.Hold is { } hold ? PartitionOf(hold.Brake) : PartitionOf(parked.Action.Destination);
        return TableRows.UnlessChangedAsync(() => _table.DeleteEntityAsync(partition, Row(parked.Action), parked.ETag, cancellationToken));
    }

    /// <summary>BigPanda's rows are in the partition of the time when there was no other destination.</summary>
    private static string PartitionOf(Destination destination) =>
        destination == Destination.BigPanda ? "parked" : $"parked-{destination}".ToLowerInvariant();

    /// <summary>Not those of their destinations: nothing but a person's decision sends what is held.</summary>
    private static string PartitionOf(BrakeKind brake) => $"held-{brake.Name()}";

    private static string DroppedPartitionOf(BrakeKind brake) => $"dropped-{brake.Name()}";

    /// <summary>The reports of both are sent, and a decision's report must come behind the later one.</summary>
    private static TableEntity Behind(TableEntity before, TableEntity row)
    {
        if (before.GetDateTimeOffset(ParkedAtColumn) is { } at && at > row.GetDateTimeOffset(ParkedAtColumn)) row[ParkedAtColumn] = at;
        if (before.GetBoolean(MayBeDoneColumn) == true) row[MayBeDoneColumn] = true;
        var isOneRun = before.GetInt32(BeforeReplayColumn) == row.GetInt32(BeforeReplayColumn);
        if (isOneRun && before.GetInt32(AttemptColumn) is { } attempt && attempt > row.GetInt32(AttemptColumn)) row[AttemptColumn] = attempt;
        return row;
    }

    private static void AddHold(TableEntity row, AlertAction action, Hold hold)
    {
        row[EngagementColumn] = hold.Engagement;
        row[MessageColumn] = hold.MessageId;
        row["IncidentId"] = action.IncidentId;
        row["Via"] = action.Cause?.Via;
        row["Actor"] = action.Cause?.Actor;
    }

    private static Hold ReadHold(TableEntity row, BrakeKind brake) =>
        new(brake, row.GetInt64(EngagementColumn) ?? 0, row.GetString(MessageColumn) ?? "");

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
internal sealed record Parking(DateTimeOffset At, TimeSpan Rest, bool IsReported = true)
{
    /// <summary>Null unless the brake holds it.</summary>
    public Hold? Hold { get; init; }
}

/// <param name="MessageId">Of the message that was held.</param>
internal sealed record Hold(BrakeKind Brake, long Engagement, string MessageId);

internal sealed record ParkedAction(ActionDelivery Delivery, Parking Parking, ETag ETag)
{
    public AlertAction Action => Delivery.Action;

    public DateTimeOffset ParkedAt => Parking.At;

    public DateTimeOffset NotBefore => Parking.At + Parking.Rest;

    /// <summary>For the report of what became of it: behind the report that it is parked, and the same however often and by whom it is sent.</summary>
    public DateTimeOffset ReleasedAt => ParkedAt + ActionReports.Next;
}
