using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>Carries out closes: repeats them on the schedule, parks them when the key is at fault, dead-letters what is given up.</summary>
public sealed partial class CloseIncidentFunction(CloseIncident close, Settlement settlement, ILogger<CloseIncidentFunction> logger)
{
    [Function("CloseIncident")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.BigPandaActions, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        try
        {
            var action = ActionMessages.Read(message);
            var attempt = Settlement.FailuresOf(message) + 1;
            var outcome = await close.TryAsync(action, attempt, cancellationToken);
            await SettleAsync(outcome, action, attempt, actions, message, cancellationToken);
        }
        catch (MessageUnreadableException e)
        {
            Log.Unreadable(logger, message.SessionId, message.MessageId, e.Message);
            await Settlement.DeadLetterAsync(actions, message, "MessageUnreadable", e.Message, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageFault.IsOutage(e))
        {
            var delay = await settlement.PutOffAsync(Queues.BigPandaActions, RetrySchedule.ApplyingEvents, null, actions, message, cancellationToken);
            Log.PutOff(logger, message.SessionId, delay, e.Message);
        }
    }

    private async Task SettleAsync(
        CloseAttempt? outcome, CloseIncidentAction action, int attempt, ServiceBusMessageActions actions, ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        switch (outcome?.Result)
        {
            case CloseResult.Retrying:
                var delay = await settlement.PutOffAsync(Queues.BigPandaActions, RetrySchedule.ClosingIncidents, outcome.RetryAfter, actions, message, cancellationToken);
                Log.PutOff(logger, action.IncidentId, delay, outcome.Detail);
                break;
            case CloseResult.Failed:
                Log.Failed(logger, action.IncidentId, outcome.Detail);
                await Settlement.DeadLetterAsync(actions, message, "CloseFailed", outcome.Detail, cancellationToken);
                break;
            case CloseResult.Parked:
                Log.Parked(logger, action.IncidentId, outcome.Detail);
                await Settlement.CompleteAsync(actions, message, cancellationToken);
                break;
            default:
                Log.Done(logger, action.IncidentId, attempt, outcome?.Detail ?? "nothing to do");
                await Settlement.CompleteAsync(actions, message, cancellationToken);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}: close, attempt {Attempt}: {Detail}")]
        public static partial void Done(ILogger logger, string incidentId, int attempt, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Incident {IncidentId}: the close is put off for {Delay}: {Detail}")]
        public static partial void PutOff(ILogger logger, string incidentId, TimeSpan delay, string detail);

        [LoggerMessage(3, LogLevel.Error, "Incident {IncidentId}: the close is parked: {Detail}")]
        public static partial void Parked(ILogger logger, string incidentId, string detail);

        [LoggerMessage(4, LogLevel.Error, "Incident {IncidentId}: the close has failed and is in the dead-letter queue: {Detail}")]
        public static partial void Failed(ILogger logger, string incidentId, string detail);

        [LoggerMessage(5, LogLevel.Error, "Incident {IncidentId}: message {MessageId} cannot be read and is in the dead-letter queue: {Detail}")]
        public static partial void Unreadable(ILogger logger, string incidentId, string messageId, string detail);
    }
}
