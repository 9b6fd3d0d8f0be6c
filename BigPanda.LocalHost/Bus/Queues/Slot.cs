using BigPanda.LocalHost.Bus.Broker;

namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>One of a trigger's slots: holds at most one session and processes at most one message.</summary>
internal sealed class Slot
{
    private TaskCompletionSource<Delivery?>? _waiting;
    private Delivery? _current;
    private bool _isStopped;

    public Slot(QueueState queue, TimeSpan renewFor, TimeSpan idleTimeout)
    {
        (Queue, RenewFor, IdleTimeout) = (queue, renewFor, idleTimeout);
        Node = new LinkedListNode<Slot>(this);
    }

    public QueueState Queue { get; }

    public TimeSpan RenewFor { get; }

    public TimeSpan IdleTimeout { get; }

    public LinkedListNode<Slot> Node { get; }

    public Session? Session { get; set; }

    /// <summary>When it releases a session that stays empty. UTC ticks.</summary>
    public long IdleUntil { get; set; }

    public bool IsWaiting => _waiting is not null;

    /// <summary>Finished with its last message. An unsettled one blocks its session until the lock expires.</summary>
    public void Wait(TaskCompletionSource<Delivery?> waiting, long now)
    {
        _waiting = waiting;
        if (_current is { IsStillLocked: true } unsettled)
        {
            unsettled.StopRenewing();
            Queue.Slots.Release(this);
        }

        _current = null;
        if (_isStopped)
            Stop();
        else
            Queue.Slots.Wait(this, now);
    }

    /// <summary>Releases its session once the handler has returned.</summary>
    public void Stop()
    {
        _isStopped = true;
        if (!IsWaiting)
            return;
        Leave();
        Queue.Slots.Release(this);
        Hand(null);
    }

    /// <summary>Whether it has left every list of waiting slots.</summary>
    public Slot Leave()
    {
        Node.List?.Remove(Node);
        return this;
    }

    /// <summary>Null once stopped.</summary>
    public void Hand(Delivery? delivery)
    {
        _current = delivery;
        _waiting?.TrySetResult(delivery);
        _waiting = null;
    }

    public void Fail(Exception failure)
    {
        _current = null;
        _waiting?.TrySetException(failure);
        _waiting = null;
    }
}
