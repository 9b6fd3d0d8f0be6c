namespace BigPanda.LocalHost.Simulator;

/// <summary>Limits the requests in any window of time.</summary>
/// <param name="limit">0: no limit.</param>
internal sealed class RateWindow(Func<int> limit, TimeSpan window, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _admitted = new();

    public bool Admit() => Take().IsAdmitted;

    public Admission Take()
    {
        var most = limit();
        if (most == 0)
            return new(true, 0, TimeSpan.Zero);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            while (_admitted.TryPeek(out var past) && time.GetElapsedTime(past, now) >= window)
                _admitted.Dequeue();
            var isAdmitted = _admitted.Count < most;
            if (isAdmitted)
                _admitted.Enqueue(now);
            return new(isAdmitted, most - _admitted.Count, _admitted.TryPeek(out var oldest) ? window - time.GetElapsedTime(oldest, now) : TimeSpan.Zero);
        }
    }

    /// <param name="ResetsIn">Until the next request is admitted although none remains.</param>
    internal readonly record struct Admission(bool IsAdmitted, int Remaining, TimeSpan ResetsIn);
}
