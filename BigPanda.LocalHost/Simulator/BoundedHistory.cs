namespace BigPanda.LocalHost.Simulator;

/// <summary>The latest entries up to a capacity, oldest first; callers can wait for an entry.</summary>
internal sealed class BoundedHistory<T>(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _items = new();
    private TaskCompletionSource _changed = NewSignal();

    public IReadOnlyList<T> Items
    {
        get
        {
            lock (_gate)
                return [.. _items];
        }
    }

    public void Add(T item)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_items.Count == capacity)
                _items.Dequeue();
            _items.Enqueue(item);
            (changed, _changed) = (_changed, NewSignal());
        }
        changed.SetResult();
    }

    public void Clear()
    {
        lock (_gate)
            _items.Clear();
    }

    public async Task<IReadOnlyList<T>> WaitUntilAsync(Func<IReadOnlyList<T>, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<T> items;
            Task changed;
            lock (_gate)
                (items, changed) = ([.. _items], _changed.Task);
            if (condition(items))
                return items;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
