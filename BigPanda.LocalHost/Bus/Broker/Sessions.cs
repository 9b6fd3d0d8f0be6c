using BigPanda.LocalHost.Bus.Queues;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>Gives sessions to receivers and takes them back.</summary>
internal sealed class Sessions(BusCore core)
{
    /// <summary>The next session with work; null when stopped.</summary>
    public async Task<SessionHold?> AcceptAsync(QueueState queue, CancellationToken stop)
    {
        TaskCompletionSource<SessionHold?> receiver;
        lock (core.Gate)
            receiver = queue.Ready.Receive();
        await using var stopping = stop.Register(() => receiver.TrySetResult(null));
        return await receiver.Task;
    }

    /// <summary>
    /// Keeps an empty session until a message comes (true), or the timeout, the stop, the loss of the session or the need of another
    /// session for this slot (false).
    /// </summary>
    public async Task<bool> WaitForMessageAsync(QueueState queue, SessionHold hold, TimeSpan idleTimeout, CancellationToken stop)
    {
        TaskCompletionSource<bool> arrival;
        lock (core.Gate)
        {
            if (!hold.IsValid || queue.Ready.AnyWaiting)
                return false;
            if (hold.Session.HasWork)
                return true;
            arrival = hold.Wait();
            queue.Ready.AddIdle(hold);
        }

        await using var stopping = stop.Register(() => arrival.TrySetResult(false));
        await using var timeout = core.Time.CreateTimer(_ => arrival.TrySetResult(false), null, idleTimeout, Timeout.InfiniteTimeSpan);
        var hasMessage = await arrival.Task;
        lock (core.Gate)
            queue.Ready.RemoveIdle(hold);
        return hasMessage;
    }

    public void Release(QueueState queue, SessionHold hold)
    {
        lock (core.Gate)
            queue.Release(hold);
    }
}
