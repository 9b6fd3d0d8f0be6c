using Azure.Messaging.ServiceBus;
using BigPanda.LocalHost.Bus.Clients;
using BigPanda.LocalHost.Bus.Queues;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>The trigger: a number of slots, each working through one session at a time, one message after the other.</summary>
internal sealed partial class SessionPump(
    QueueState queue,
    SessionPumpOptions options,
    Func<ServiceBusReceivedMessage, ServiceBusMessageActions, CancellationToken, Task> handle,
    BusServices services,
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
            await slots.WaitAsync(options.StopGracePeriod, services.Time, CancellationToken.None);
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
        while (!stop.IsCancellationRequested && await services.Sessions.AcceptAsync(queue, stop) is { } hold)
        {
            try
            {
                await WorkThroughAsync(hold, stop, handling);
            }
            finally
            {
                services.Sessions.Release(queue, hold);
            }
        }
    }

    private async Task WorkThroughAsync(SessionHold hold, CancellationToken stop, CancellationToken handling)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await services.Deliverer.TakeNextAsync(hold, options.MaxAutoLockRenewalDuration) is { } delivery)
                {
                    await HandleAsync(delivery, handling);
                    // Not settled: the session cannot go on before that message's lock has run out.
                    if (services.Settler.IsStillLocked(delivery))
                        return;
                }
                else if (!await services.Sessions.WaitForMessageAsync(queue, hold, options.SessionIdleTimeout, stop))
                {
                    return;
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (Exception failure)
            {
                Log.DeliveryFailed(logger, failure, QueueName);
                await Task.Delay(PauseAfterFailure, services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HandleAsync(Delivery delivery, CancellationToken handling)
    {
        var actions = new EmbeddedMessageActions(queue, services.Settler);
        try
        {
            await handle(delivery.Message, actions, handling);
            if (options.AutoCompleteMessages)
                await actions.CompleteMessageAsync(delivery.Message, CancellationToken.None);
        }
        catch (Exception failure)
        {
            Log.HandlerFailed(logger, failure, QueueName, delivery.Message.MessageId, delivery.Message.DeliveryCount);
            await AbandonAsync(delivery, actions);
        }
    }

    private async Task AbandonAsync(Delivery delivery, EmbeddedMessageActions actions)
    {
        if (actions.IsSettled)
            return;
        try
        {
            await services.Settler.AbandonAsync(queue, delivery.Message, properties: null);
        }
        catch (ServiceBusException lost)
        {
            Log.NotAbandoned(logger, QueueName, delivery.Message.MessageId, lost.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Queue}: handling message {MessageId} failed at delivery {DeliveryCount}")]
        public static partial void HandlerFailed(ILogger logger, Exception failure, string queue, string messageId, int deliveryCount);

        [LoggerMessage(2, LogLevel.Warning, "{Queue}: message {MessageId} could not be abandoned: {Reason}")]
        public static partial void NotAbandoned(ILogger logger, string queue, string messageId, string reason);

        [LoggerMessage(3, LogLevel.Error, "{Queue}: a message could not be delivered; trying again in a second")]
        public static partial void DeliveryFailed(ILogger logger, Exception failure, string queue);

        [LoggerMessage(4, LogLevel.Warning, "{Queue}: handlers are still running {GracePeriod} after the stop and are being cancelled")]
        public static partial void GracePeriodOver(ILogger logger, string queue, TimeSpan gracePeriod);
    }
}
