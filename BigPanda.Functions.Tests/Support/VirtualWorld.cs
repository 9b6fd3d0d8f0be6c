namespace BigPanda.Functions.Tests.Support;

/// <summary>
/// Runs asynchronous code on one thread in virtual time: when no work is left, the clock advances to the next timer. Minutes of waiting take no
/// time, and every run is the same. The code must stay on this thread: no real I/O.
/// </summary>
internal sealed class VirtualWorld : SynchronizationContext
{
    private readonly Lock _gate = new();
    private readonly Queue<(SendOrPostCallback Work, object? State)> _work = new();

    public ManualTimeProvider Time { get; } = new();

    public static T Run<T>(Func<VirtualWorld, Task<T>> main)
    {
        var before = Current;
        var world = new VirtualWorld();
        SetSynchronizationContext(world);
        try
        {
            var task = main(world);
            while (!task.IsCompleted) Assert.True(world.TryWork() || world.Time.TryAdvanceToNext(), "Everything waits, and for nothing that time would bring.");
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate) _work.Enqueue((d, state));
    }

    private bool TryWork()
    {
        (SendOrPostCallback Work, object? State) next;
        lock (_gate)
        {
            if (!_work.TryDequeue(out next)) return false;
        }

        next.Work(next.State);
        return true;
    }
}
