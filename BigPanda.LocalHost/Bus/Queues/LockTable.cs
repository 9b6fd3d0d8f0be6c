namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>The locked messages of a queue: as many as there are receivers, so looking at all of them is cheap. Guarded by the bus's lock.</summary>
internal sealed class LockTable
{
    private readonly HashSet<MessageEntry> _locked = [];

    public long Earliest { get; private set; } = long.MaxValue;

    public void Add(MessageEntry entry)
    {
        if (entry.Lock is not { } held)
            return;
        _locked.Add(entry);
        Earliest = Math.Min(Earliest, held.Until);
    }

    public void Remove(MessageEntry entry) => _locked.Remove(entry);

    /// <summary>The messages whose lock ran out; one whose handler is still at work is renewed instead, as its receiver would do in time.</summary>
    public List<MessageEntry> FindExpired(long now, long lockDuration)
    {
        var expired = new List<MessageEntry>();
        Earliest = long.MaxValue;
        foreach (var entry in _locked)
        {
            if (entry.Lock is not { } held)
                continue;
            while (held.Until <= now && (held.Until < held.RenewUntil || entry.Settling))
                held.Until += lockDuration;
            if (held.Until <= now)
                expired.Add(entry);
            else
                Earliest = Math.Min(Earliest, held.Until);
        }

        return expired;
    }
}
