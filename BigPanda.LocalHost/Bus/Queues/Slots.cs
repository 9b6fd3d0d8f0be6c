namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>Matches waiting slots with sessions that have work and no holder, both in order of arrival.</summary>
/// <param name="released">Called with each session that a slot releases.</param>
internal sealed class Slots(Action<Session> released)
{
    private readonly Queue<Session> _offered = new();
    private readonly Queue<Slot> _woken = new();
    private readonly LinkedList<Slot> _free = new();
    private readonly LinkedList<Slot> _idle = new();

    public long EarliestIdle => _idle.First?.Value.IdleUntil ?? long.MaxValue;

    /// <summary>The session's first message may have become available.</summary>
    public void Offer(Session session)
    {
        if (!session.HasWork)
            return;
        if (session.Holder is { } holder)
        {
            if (holder.IsWaiting)
                _woken.Enqueue(holder);
        }
        else if (!session.IsOffered)
        {
            session.IsOffered = true;
            _offered.Enqueue(session);
        }
    }

    /// <summary>Queues a slot: for its own session until that has been idle too long, then for any.</summary>
    public void Wait(Slot slot, long now)
    {
        slot.IdleUntil = now + slot.IdleTimeout.Ticks;
        (slot.Session is null ? _free : _idle).AddLast(slot.Node);
        if (slot.Session is { } session)
            Offer(session);
    }

    /// <summary>Takes a waiting slot whose session has work off the waiting lists.</summary>
    public Slot? Match()
    {
        while (_woken.TryDequeue(out var woken))
            if (woken is { IsWaiting: true, Session.HasWork: true })
                return woken.Leave();

        // The real processor keeps an empty session for the idle timeout, since only the broker knows that another session has work.
        // Here the queue knows, so the slot is reused at once.
        while (AnyOffered() && (_free.First ?? _idle.First) is { Value: var slot })
        {
            Release(slot);
            var session = _offered.Dequeue();
            session.IsOffered = false;
            (session.Holder, slot.Session) = (slot, session);
            return slot.Leave();
        }

        return null;
    }

    /// <summary>Slots whose session was empty for the idle timeout wait for any session.</summary>
    public void ExpireIdle(long now)
    {
        while (_idle.First is { Value: var slot } && slot.IdleUntil <= now)
        {
            Release(slot);
            _free.AddLast(slot.Leave().Node);
        }
    }

    /// <summary>Releases the slot's session.</summary>
    public void Release(Slot slot)
    {
        if (slot.Session is not { } session)
            return;
        (session.Holder, slot.Session) = (null, null);
        Offer(session);
        released(session);
    }

    public void StopAll()
    {
        foreach (var slot in _free.Concat(_idle).ToList())
            slot.Leave().Hand(null);
    }

    /// <summary>Drops sessions that no longer have work; true if one with work is first.</summary>
    private bool AnyOffered()
    {
        while (_offered.TryPeek(out var first))
        {
            if (first is { HasWork: true, Holder: null })
                return true;
            _offered.Dequeue();
            first.IsOffered = false;
        }

        return false;
    }
}
