namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>Tasks waiting for a condition. Guarded by the bus's lock.</summary>
internal sealed class WaitList
{
    private readonly List<TaskCompletionSource> waiting = [];

    public bool IsEmpty => waiting.Count == 0;

    public TaskCompletionSource Add()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(waiter);
        return waiter;
    }

    public void Remove(TaskCompletionSource waiter) => waiting.Remove(waiter);

    public void WakeAll()
    {
        foreach (var waiter in waiting)
            waiter.TrySetResult();
        waiting.Clear();
    }
}
