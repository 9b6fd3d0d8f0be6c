namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>Sessions with work and no receiver, in the order they got it, and the receivers without a session. Guarded by the bus's lock.</summary>
internal sealed class ReadySessions
{
    private readonly Queue<SessionQueue> _ready = new();
    private readonly Queue<TaskCompletionSource<SessionHold?>> _receivers = new();
    private readonly LinkedList<SessionHold> _idle = new();

    /// <summary>Sessions that no receiver is free for.</summary>
    public bool AnyWaiting => Skim();

    public void Add(SessionQueue session)
    {
        if (session.IsReady)
            return;
        session.IsReady = true;
        _ready.Enqueue(session);
        while (_receivers.TryPeek(out var receiver) && Skim())
        {
            _receivers.Dequeue();
            if (receiver.Task.IsCompleted)
                continue;
            Give(receiver);
        }

        // The real processor would wait out the idle timeout, because only the broker knows that another session has work. Here
        // the queue knows: a slot that waits for nothing in particular is better used at once.
        if (_idle.First is { } idlest && Skim())
        {
            _idle.RemoveFirst();
            idlest.Value.Wake(hasMessage: false);
        }
    }

    /// <summary>Completes with null when cancelled by its source.</summary>
    public TaskCompletionSource<SessionHold?> Receive()
    {
        var receiver = new TaskCompletionSource<SessionHold?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Skim())
            Give(receiver);
        else
            _receivers.Enqueue(receiver);
        return receiver;
    }

    public void AddIdle(SessionHold hold) => _idle.AddLast(hold);

    public void RemoveIdle(SessionHold hold) => _idle.Remove(hold);

    private void Give(TaskCompletionSource<SessionHold?> receiver)
    {
        var session = _ready.Peek();
        var hold = new SessionHold(session);
        if (!receiver.TrySetResult(hold))
            return;
        _ready.Dequeue();
        session.IsReady = false;
        session.Hold = hold;
    }

    /// <summary>Drops sessions that lost their work meanwhile; true if one with work is first.</summary>
    private bool Skim()
    {
        while (_ready.TryPeek(out var first))
        {
            if (first is { HasWork: true, Hold: null })
                return true;
            _ready.Dequeue();
            first.IsReady = false;
        }

        return false;
    }
}
