namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>Tasks waiting for a condition. Guarded by the bus's lock.</summary>
internal sealed class WaitList
{
    private readonly List<TaskCompletionSource> _waiting = [];

    public bool IsEmpty => _waiting.Count == 0;

    public TaskCompletionSource Add()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(waiter);
        return waiter;
    }

    public void Remove(TaskCompletionSource waiter) => _waiting.Remove(waiter);

    public void WakeAll()
    {
        foreach (var waiter in _waiting)
            waiter.TrySetResult();
        _waiting.Clear();
    }
}
