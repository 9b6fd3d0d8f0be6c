namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>Limits the requests in any one second. There is one token, so one window.</summary>
internal sealed class RateWindow(SimulatorSettings settings, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _admitted = new();

    public bool Admit()
    {
        var limit = settings.Current.RequestsPerSecond;
        if (limit == 0)
            return true;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            while (_admitted.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= TimeSpan.FromSeconds(1))
                _admitted.Dequeue();
            if (_admitted.Count >= limit)
                return false;
            _admitted.Enqueue(now);
            return true;
        }
    }
}
