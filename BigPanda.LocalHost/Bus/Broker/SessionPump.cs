using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Clients;
using BigPanda.LocalHost.Bus.Queues;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>The trigger: a number of slots, each processing one session at a time, one message after the other.</summary>
internal sealed partial class SessionPump(
    QueueState queue,
    SessionPumpOptions options,
    Func<ServiceBusReceivedMessage, ServiceBusMessageActions, CancellationToken, Task> handle,
    BusService service,
    ILogger logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private string QueueName => queue.Description.Name;

    public async Task RunAsync(CancellationToken stop)
    {
        using var handling = new CancellationTokenSource();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stopping = stop.Register(stopped.SetResult);
        var slots = Task.WhenAll(Enumerable.Range(0, options.MaxConcurrentSessions).Select(_ => RunSlotAsync(stop, handling.Token)));

        await Task.WhenAny(slots, stopped.Task);
        try
        {
            await slots.WaitAsync(options.StopGracePeriod, service.Time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            Log.GracePeriodOver(logger, QueueName, options.StopGracePeriod);
            await handling.CancelAsync();
            await slots;
        }
    }

    private async Task RunSlotAsync(CancellationToken stop, CancellationToken handling)
    {
        var slot = new Slot(queue, options.MaxAutoLockRenewalDuration, options.SessionIdleTimeout);
        await using var stopping = stop.Register(() => service.Stop(slot));
        while (true)
        {
            try
            {
                if (await service.NextAsync(slot) is not { } delivery)
                    return;
                await HandleAsync(delivery.ToMessage(), handling);
            }
            catch (Exception failure)
            {
                Log.DeliveryFailed(logger, failure, QueueName);
                await Task.Delay(PauseAfterFailure, service.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HandleAsync(ServiceBusReceivedMessage message, CancellationToken handling)
    {
        var actions = new EmbeddedMessageActions(queue, service);
        try
        {
            await handle(message, actions, handling);
            if (options.AutoCompleteMessages)
                await actions.CompleteMessageAsync(message, CancellationToken.None);
        }
        catch (Exception failure)
        {
            Log.HandlerFailed(logger, failure, QueueName, message.MessageId, message.DeliveryCount);
            await AbandonAsync(message, actions);
        }
    }

    private async Task AbandonAsync(ServiceBusReceivedMessage message, EmbeddedMessageActions actions)
    {
        if (actions.IsSettled)
            return;
        try
        {
            await service.AbandonAsync(queue, message, properties: null, CancellationToken.None);
        }
        catch (ServiceBusException lost)
        {
            Log.NotAbandoned(logger, QueueName, message.MessageId, lost.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Queue}: the handler of message {MessageId} failed at delivery {DeliveryCount}. It will be redelivered")]
        public static partial void HandlerFailed(ILogger logger, Exception failure, string queue, string messageId, int deliveryCount);

        [LoggerMessage(2, LogLevel.Warning, "{Queue}: could not abandon message {MessageId}: {Reason}. It is redelivered when its lock expires")]
        public static partial void NotAbandoned(ILogger logger, string queue, string messageId, string reason);

        [LoggerMessage(3, LogLevel.Error, "{Queue}: could not deliver a message. Will retry in a second")]
        public static partial void DeliveryFailed(ILogger logger, Exception failure, string queue);

        [LoggerMessage(4, LogLevel.Warning, "{Queue}: handlers still running {GracePeriod} after the stop; cancelling them")]
        public static partial void GracePeriodOver(ILogger logger, string queue, TimeSpan gracePeriod);
    }
}
