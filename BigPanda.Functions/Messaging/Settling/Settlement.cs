using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Messaging.Settling;

/// <summary>
/// Runs a message's work and settles the message; the only place that completes, releases, reschedules or dead-letters. Service Bus
/// redelivers an abandoned message at once, so an outage is waited for under the session's lock, and the message is released only when
/// the delivery's time is up: docs/decisions/0006-waiting-for-an-outage.md.
/// </summary>
public sealed partial class Settlement(MessageSender sender, BrokerGate gate, Suspects suspects, TimeProvider time, ILogger<Settlement> logger)
{
    /// <summary>Service Bus keeps at most 4,096 characters of a dead letter's description.</summary>
    private const int MaxDescription = 4096;

    /// <param name="work">Must be safe to repeat: it is called again after each outage. Any other exception counts as a failure.</param>
    internal async Task RunAsync(
        string queue, ServiceBusReceivedMessage message, ServiceBusMessageActions actions,
        Func<Delivery, CancellationToken, Task<Disposition>> work, CancellationToken cancellationToken)
    {
        var delivery = Delivery.Received(message, time.GetUtcNow());
        var wait = new OutageWait(gate, time);
        try
        {
            var disposition = await DecideAsync(delivery, wait, work, cancellationToken);
            await SettleAsync(queue, delivery, disposition, actions, wait, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host is stopping: there is no time to wait.
            await ReleaseAtStopAsync(actions, delivery);
        }
    }

    private async Task<Disposition> DecideAsync(
        Delivery delivery, OutageWait wait, Func<Delivery, CancellationToken, Task<Disposition>> work, CancellationToken cancellationToken)
    {
        // An earlier delivery could not send the copy for this time.
        if (delivery.NotBefore - BrokerTime(delivery) is { } early && early > TimeSpan.Zero) return new Disposition.Rescheduled(new Reschedule(early));
        while (true)
        {
            try
            {
                return await WorkAsync(delivery, work, cancellationToken);
            }
            catch (ProcessKilledException e)
            {
                Log.ProcessKilled(logger, delivery.Message.SessionId, delivery.Message.MessageId, e.Message);
                return new Disposition.DeadLettered(DeadLetterReasons.ProcessKilled, e.Message);
            }
            catch (Exception e) when (e is MessageTooNewException or RowTooNewException)
            {
                return HandleTooNew(delivery, e.Message);
            }
            catch (MessageUnreadableException e)
            {
                Log.Unreadable(logger, delivery.Message.SessionId, delivery.Message.MessageId, e.Message);
                return new Disposition.DeadLettered(DeadLetterReasons.MessageUnreadable, e.Message);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && OutageWait.IsOutage(e))
            {
                if (!delivery.IsRepeat)
                    Log.WaitsForOutage(logger, delivery.Message.SessionId, delivery.Message.MessageId, OutageWait.MaxWait, StorageError.Describe(e));
                if (!await wait.WaitAfterAsync(e, cancellationToken)) return delivery.Release();
                delivery = delivery with { IsRepeat = true };
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                return await HandleFailureAsync(delivery, e, cancellationToken);
            }
        }
    }

    private Task<Disposition> WorkAsync(Delivery delivery, Func<Delivery, CancellationToken, Task<Disposition>> work, CancellationToken cancellationToken) =>
        delivery.Interruptions < Suspects.MinInterruptions
            ? work(delivery, cancellationToken)
            : suspects.RunAsync(delivery.Message.MessageId, () => work(delivery, cancellationToken), cancellationToken);

    private Disposition HandleTooNew(Delivery delivery, string reason)
    {
        var waited = delivery.Count(MessageProperties.TooNew) + 1;
        if (waited >= RetrySchedule.NewerVersion.Tries)
        {
            Log.Unreadable(logger, delivery.Message.SessionId, delivery.Message.MessageId, reason);
            return new Disposition.DeadLettered(DeadLetterReasons.MessageUnreadable, $"{reason} No build that reads it was deployed within an hour.");
        }

        var delay = RetrySchedule.NewerVersion.GetDelay(waited, null, Random.Shared.NextDouble());
        Log.TooNew(logger, delivery.Message.SessionId, delivery.Message.MessageId, delay, reason);
        return new Disposition.Rescheduled(new Reschedule(delay, new(MessageProperties.TooNew, waited)));
    }

    private async Task<Disposition> HandleFailureAsync(Delivery delivery, Exception failure, CancellationToken cancellationToken)
    {
        var failures = delivery.Count(MessageProperties.Failures) + 1;
        Log.Failed(logger, failure, delivery.Message.SessionId, delivery.Message.MessageId, failures, RetrySchedule.Failures.Tries);
        // The exception's text may hold secrets or payload: it is only logged.
        if (failures >= RetrySchedule.Failures.Tries)
        {
            var last = failure.GetType().Name;
            return new Disposition.DeadLettered(
                DeadLetterReasons.ExecutionFailed, $"{failures} executions failed, the last with {last}. The log has the details.");
        }

        await Task.Delay(RetrySchedule.Failures.GetDelay(failures, null, Random.Shared.NextDouble()), time, cancellationToken);
        return delivery.Release(new KeyValuePair<string, object>(MessageProperties.Failures, failures));
    }

    private async Task SettleAsync(
        string queue, Delivery delivery, Disposition disposition, ServiceBusMessageActions actions, OutageWait wait, CancellationToken cancellationToken)
    {
        if (disposition is Disposition.Rescheduled later)
        {
            var dueAt = BrokerTime(delivery) + later.When.After;
            var copy = MessageCopy.Of(delivery, later, dueAt);
            var isSent = await RetryUntilTimeoutAsync(() => sender.SendAsync(queue, copy, cancellationToken), delivery.Message, wait, cancellationToken);
            disposition = isSent ? Disposition.Complete : delivery.Release([.. MessageCopy.Changes(later), MessageCopy.NotBefore(dueAt)]);
        }

        await RetryUntilTimeoutAsync(() => ApplyAsync(actions, delivery, disposition), delivery.Message, wait, cancellationToken);
    }

    private DateTimeOffset BrokerTime(Delivery delivery) => time.GetUtcNow() + delivery.ClockBehind;

    private Task ApplyAsync(ServiceBusMessageActions actions, Delivery delivery, Disposition disposition) => disposition switch
    {
        Disposition.Completed => actions.CompleteMessageAsync(delivery.Message),
        Disposition.DeadLettered(var reason, var text) => actions.DeadLetterMessageAsync(
            delivery.Message, delivery.DeadLetterProperties(time.GetUtcNow()), reason, text.Length <= MaxDescription ? text : text[..MaxDescription]),
        Disposition.Released(var properties) => actions.AbandonMessageAsync(delivery.Message, properties.ToDictionary()),
        _ => throw new ArgumentOutOfRangeException(nameof(disposition), disposition, "Unknown disposition."),
    };

    /// <summary>
    /// Retries a step that the broker refuses until this delivery's time is up. If it fails, nothing is lost: the message is delivered again
    /// and the work already done is recognised.
    /// </summary>
    private async Task<bool> RetryUntilTimeoutAsync(Func<Task> step, ServiceBusReceivedMessage message, OutageWait wait, CancellationToken cancellationToken)
    {
        do
        {
            try
            {
                await step();
                gate.ReportAccepted();
                return true;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsLockLost(e))
            {
                Log.LockLost(logger, message.SessionId, message.MessageId, e.Message);
                return false;
            }
            // In Azure the host settles and returns errors as text only, so every error is retried until the lock ends.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                gate.ReportRefused();
                Log.NotSettled(logger, message.SessionId, message.MessageId, e.Message);
            }
        }
        while (await wait.WaitForBrokerAsync(cancellationToken));

        return false;
    }

    /// <summary>The message is settled, or another delivery of it has begun or will. The host reports the reason as text only.</summary>
    private static bool IsLockLost(Exception e) =>
        e is ServiceBusException
        {
            Reason: ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.SessionLockLost or ServiceBusFailureReason.MessageNotFound,
        }
        || e.Message.Contains("LockLost", StringComparison.Ordinal);

    private async Task ReleaseAtStopAsync(ServiceBusMessageActions actions, Delivery delivery)
    {
        try
        {
            await ApplyAsync(actions, delivery, delivery.Release());
        }
        catch (Exception e)
        {
            Log.NotSettled(logger, delivery.Message.SessionId, delivery.Message.MessageId, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Warning,
            "Incident {IncidentId}: an outage blocks message {MessageId}. Will retry for up to {MaxWait}, then release it for redelivery: {Reason}")]
        public static partial void WaitsForOutage(ILogger logger, string incidentId, string messageId, TimeSpan maxWait, string reason);

        [LoggerMessage(2, LogLevel.Error, "Incident {IncidentId}: message {MessageId} cannot be read and moves to the dead-letter queue: {Reason}")]
        public static partial void Unreadable(ILogger logger, string incidentId, string messageId, string reason);

        [LoggerMessage(3, LogLevel.Warning, "Incident {IncidentId}: message {MessageId} needs a newer version. Will retry in {Delay}: {Reason}")]
        public static partial void TooNew(ILogger logger, string incidentId, string messageId, TimeSpan delay, string reason);

        [LoggerMessage(4, LogLevel.Error, "Incident {IncidentId}: execution {Failures} of message {MessageId} failed. It is dead-lettered after {Tries}")]
        public static partial void Failed(ILogger logger, Exception failure, string incidentId, string messageId, int failures, int tries);

        [LoggerMessage(5, LogLevel.Warning, "Incident {IncidentId}: message {MessageId} lost its lock and will be delivered again: {Reason}")]
        public static partial void LockLost(ILogger logger, string incidentId, string messageId, string reason);

        [LoggerMessage(
            6, LogLevel.Warning,
            "Incident {IncidentId}: could not settle message {MessageId}. Will retry, or the message will be delivered again: {Reason}")]
        public static partial void NotSettled(ILogger logger, string incidentId, string messageId, string reason);

        [LoggerMessage(7, LogLevel.Error, "Incident {IncidentId}: message {MessageId} moves to the dead-letter queue. Report the defect: {Reason}")]
        public static partial void ProcessKilled(ILogger logger, string incidentId, string messageId, string reason);
    }
}
