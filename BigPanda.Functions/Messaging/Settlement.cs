using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// Runs the work of a message and settles it; the only place where a message is completed, released, rescheduled or dead-lettered.
/// Service Bus hands an abandoned message out again at once, so an outage is waited for in place, under the session's lock, and the
/// message is released only when this delivery's time is up: docs/decisions/0006-waiting-for-an-outage.md.
/// </summary>
public sealed partial class Settlement(MessageSender sender, BrokerGate gate, Suspects suspects, TimeProvider time, ILogger<Settlement> logger)
{
    /// <summary>Service Bus keeps at most 4,096 characters of a dead letter's description.</summary>
    private const int MaxDescription = 4096;

    /// <param name="work">Safe to repeat: it is called again after each outage. An exception that is no outage counts as a failure of ours.</param>
    internal async Task RunAsync(
        string queue, ServiceBusReceivedMessage message, ServiceBusMessageActions actions,
        Func<Delivery, CancellationToken, Task<Disposition>> work, CancellationToken cancellationToken)
    {
        var delivery = new Delivery(message);
        var wait = new OutageWait(gate, time);
        try
        {
            var disposition = await DecideAsync(delivery, wait, work, cancellationToken);
            await SettleAsync(queue, delivery, disposition, actions, wait, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops, and leaves no time to wait.
            await ReleaseAtStopAsync(actions, delivery);
        }
    }

    private async Task<Disposition> DecideAsync(
        Delivery delivery, OutageWait wait, Func<Delivery, CancellationToken, Task<Disposition>> work, CancellationToken cancellationToken)
    {
        // The copy for this time could not be sent before.
        if (delivery.NotBefore > time.GetUtcNow()) return new Disposition.Rescheduled(new Reschedule(delivery.NotBefore.Value));
        while (true)
        {
            try
            {
                return await WorkAsync(delivery, work, cancellationToken);
            }
            catch (ProcessKilledException e)
            {
                Log.Kills(logger, delivery.Message.SessionId, delivery.Message.MessageId, e.Message);
                return new Disposition.DeadLettered(DeadLetterReasons.ProcessKilled, e.Message);
            }
            catch (MessageTooNewException e)
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
                if (!delivery.IsRepeat) Log.Waits(logger, delivery.Message.SessionId, delivery.Message.MessageId, OutageWait.MaxWait, StorageError.Describe(e));
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
            return new Disposition.DeadLettered(DeadLetterReasons.MessageUnreadable, $"{reason} No build that reads it came within an hour.");
        }

        var delay = RetrySchedule.NewerVersion.GetDelay(waited, null, Random.Shared.NextDouble());
        Log.TooNew(logger, delivery.Message.SessionId, delivery.Message.MessageId, delay, reason);
        return new Disposition.Rescheduled(new Reschedule(time.GetUtcNow() + delay, new(MessageProperties.TooNew, waited)));
    }

    private async Task<Disposition> HandleFailureAsync(Delivery delivery, Exception failure, CancellationToken cancellationToken)
    {
        var failures = delivery.Count(MessageProperties.Failures) + 1;
        Log.Failed(logger, failure, delivery.Message.SessionId, delivery.Message.MessageId, failures, RetrySchedule.Failures.Tries);
        // Its text may hold anything; the log has it.
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
            var copy = MessageCopy.Of(delivery, later);
            var isSent = await RetryUntilTimeoutAsync(() => sender.SendAsync(queue, copy, cancellationToken), delivery.Message, wait, cancellationToken);
            disposition = isSent ? Disposition.Complete : delivery.Release([.. MessageCopy.Changes(later), MessageCopy.NotBefore(later)]);
        }

        await RetryUntilTimeoutAsync(() => ApplyAsync(actions, delivery.Message, disposition), delivery.Message, wait, cancellationToken);
    }

    private static Task ApplyAsync(ServiceBusMessageActions actions, ServiceBusReceivedMessage message, Disposition disposition) => disposition switch
    {
        Disposition.Completed => actions.CompleteMessageAsync(message),
        Disposition.DeadLettered(var reason, var text) =>
            actions.DeadLetterMessageAsync(message, null, reason, text.Length <= MaxDescription ? text : text[..MaxDescription]),
        Disposition.Released(var properties) => actions.AbandonMessageAsync(message, properties.ToDictionary()),
        _ => throw new ArgumentOutOfRangeException(nameof(disposition), disposition, "No such disposition."),
    };

    /// <summary>
    /// Repeats a step that the broker refuses until this delivery's time is up. Nothing is lost where it fails: the message comes again,
    /// and what was done is recognised.
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
            // In Azure a settlement is a call to the host, which passes on the text alone: whatever it is, it passes or the lock ends.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                gate.ReportRefused();
                Log.NotSettled(logger, message.SessionId, message.MessageId, e.Message);
            }
        }
        while (await wait.WaitForBrokerAsync(cancellationToken));

        return false;
    }

    /// <summary>The message has been settled, or another delivery of it has begun or will. The host's answer carries the reason in its text alone.</summary>
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
            await ApplyAsync(actions, delivery.Message, delivery.Release());
        }
        catch (Exception e)
        {
            Log.NotSettled(logger, delivery.Message.SessionId, delivery.Message.MessageId, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Incident {IncidentId}: message {MessageId} waits for an outage to end, {AtMost} at most in this delivery: {Reason}")]
        public static partial void Waits(ILogger logger, string incidentId, string messageId, TimeSpan atMost, string reason);

        [LoggerMessage(2, LogLevel.Error, "Incident {IncidentId}: message {MessageId} cannot be read and goes to the dead-letter queue: {Reason}")]
        public static partial void Unreadable(ILogger logger, string incidentId, string messageId, string reason);

        [LoggerMessage(3, LogLevel.Warning, "Incident {IncidentId}: message {MessageId} is of a newer version and is tried again in {Delay}: {Reason}")]
        public static partial void TooNew(ILogger logger, string incidentId, string messageId, TimeSpan delay, string reason);

        [LoggerMessage(4, LogLevel.Error, "Incident {IncidentId}: execution {Failures} of message {MessageId} failed. After {Tries} it is a dead letter")]
        public static partial void Failed(ILogger logger, Exception failure, string incidentId, string messageId, int failures, int tries);

        [LoggerMessage(5, LogLevel.Warning, "Incident {IncidentId}: message {MessageId} is no longer locked by this delivery and comes again: {Reason}")]
        public static partial void LockLost(ILogger logger, string incidentId, string messageId, string reason);

        [LoggerMessage(6, LogLevel.Warning, "Incident {IncidentId}: settling message {MessageId} was refused; it is repeated, or the message comes again: {Reason}")]
        public static partial void NotSettled(ILogger logger, string incidentId, string messageId, string reason);

        [LoggerMessage(7, LogLevel.Error, "Incident {IncidentId}: message {MessageId} goes to the dead-letter queue: {Reason}")]
        public static partial void Kills(ILogger logger, string incidentId, string messageId, string reason);
    }
}
