using System.Globalization;
using Azure.Data.Tables;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Apply;

/// <summary>
/// Sends the pending actions of an alert, and schedules the events that it needs at their times. An event's message is completed only after they are
/// sent or the alert is marked here: a failure before that is repaired by redelivery, a marked alert by the sweep. No other rows need a scan.
/// </summary>
public sealed partial class Outbox(TableServiceClient tables, AlertStore store, MessageSender sender, TimeProvider time, ILogger<Outbox> logger)
{
    private const string Row = "pending";
    private readonly TableClient _table = tables.GetTableClient(TableNames.Outbox);

    /// <summary>Sends and clears the actions, or marks the alert for the sweep if the broker refuses.</summary>
    /// <param name="before">The alert before the event: what it needed is scheduled already, and its actions may have been sent. Null if unknown.</param>
    /// <param name="isRepeat">An earlier send may have arrived.</param>
    internal async Task SendAsync(StoredAlert saved, StoredAlert? before, bool isRepeat, CancellationToken cancellationToken)
    {
        Reminder[] reminders = [.. saved.Alert.Reminders.Except(before?.Alert.Reminders ?? [])];
        if (saved.Pending.Count == 0 && reminders.Length == 0) return;
        try
        {
            await SendPendingAsync(saved, reminders, isRepeat ? saved.Pending : before?.Pending ?? [], cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && MessageSender.IsOutage(e))
        {
            await MarkAsync(saved.Alert.IncidentId, cancellationToken);
            Log.Marked(logger, saved.Alert.IncidentId, saved.Pending.Count, StorageError.Describe(e));
            return;
        }

        if (saved.Pending.Count > 0) await store.ClearPendingAsync(saved, cancellationToken);
    }

    /// <summary>Sends the actions of marked alerts until the broker refuses.</summary>
    /// <returns>For how many alerts actions were sent.</returns>
    internal async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var swept = 0;
        await foreach (var marker in _table.QueryAsync<TableEntity>(cancellationToken: cancellationToken))
        {
            var incidentId = marker.GetString("IncidentId") ?? "";
            try
            {
                if (await SweepAsync(incidentId, cancellationToken)) swept++;
                // A marker written again meanwhile stays: its alert has new pending actions.
                await _table.TryDeleteAsync(marker, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && !OutageWait.IsOutage(e))
            {
                // An unreadable alert must not block the others.
                Log.NotSwept(logger, e, incidentId);
            }
        }

        return swept;
    }

    private async Task<bool> SweepAsync(string incidentId, CancellationToken cancellationToken)
    {
        if (await store.LoadAsync(incidentId, cancellationToken) is not { } stored) return false;
        Reminder[] reminders = [.. stored.Alert.Reminders];
        if (stored.Pending.Count == 0 && reminders.Length == 0) return false;
        await SendPendingAsync(stored, reminders, stored.Pending, cancellationToken);
        if (stored.Pending.Count > 0) await store.ClearPendingAsync(stored, cancellationToken);
        return true;
    }

    /// <param name="repeats">Actions whose earlier send may have arrived.</param>
    private async Task SendPendingAsync(
        StoredAlert stored, Reminder[] reminders, IReadOnlyList<AlertAction> repeats, CancellationToken cancellationToken)
    {
        foreach (var action in stored.Pending)
            await sender.SendAsync(Queues.Of(action.Destination), ActionMessages.Of(action, isRepeat: repeats.Contains(action)), cancellationToken);
        foreach (var reminder in reminders)
            await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(stored.Alert.IncidentId, reminder), cancellationToken);
    }

    /// <summary>Makes the sweep send what is pending.</summary>
    internal async Task MarkAsync(string incidentId, CancellationToken cancellationToken)
    {
        var marker = new TableEntity(TableKey.Of(incidentId), Row)
        {
            ["IncidentId"] = incidentId,
            ["At"] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
        };
        await _table.UpsertEntityAsync(marker, TableUpdateMode.Replace, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Warning,
            "Incident {IncidentId}: the broker refused its {Count} pending actions. They are stored and retried every minute: {Reason}")]
        public static partial void Marked(ILogger logger, string incidentId, int count, string reason);

        [LoggerMessage(
            2, LogLevel.Error,
            "Incident {IncidentId}: its pending actions cannot be read and stay pending. If a newer version wrote them, deploy that version")]
        public static partial void NotSwept(ILogger logger, Exception failure, string incidentId);
    }
}
