namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>One session's available and locked messages in order: only the first can be delivered. Guarded by the bus's lock.</summary>
internal sealed class SessionQueue(string? id)
{
    /// <summary>Null on a queue without sessions, where every message is a session of its own.</summary>
    public string? Id => id;

    public MessageEntry? First { get; private set; }

    public SessionHold? Hold { get; set; }

    public bool IsReady { get; set; }

    public bool HasWork => First is { State: EntryState.Active, Settling: false };

    /// <summary>Those on their way to disk and the scheduled ones too: the session must be the same object when they get here.</summary>
    public int Messages { get; set; }

    public bool IsUnused => Messages == 0 && Hold is null;

    private MessageEntry? Last { get; set; }

    public void Insert(MessageEntry entry)
    {
        // Nearly always the end; earlier only when a scheduled message came due between a send and its arrival on disk.
        var before = Last;
        while (before is not null && entry.ComesBefore(before))
            before = before.Previous;

        (entry.Previous, entry.Next) = (before, before is null ? First : before.Next);
        if (entry.Next is null)
            Last = entry;
        else
            entry.Next.Previous = entry;
        if (before is null)
            First = entry;
        else
            before.Next = entry;
    }

    public void Remove(MessageEntry entry)
    {
        if (entry.Previous is null)
            First = entry.Next;
        else
            entry.Previous.Next = entry.Next;
        if (entry.Next is null)
            Last = entry.Previous;
        else
            entry.Next.Previous = entry.Previous;
        (entry.Previous, entry.Next) = (null, null);
    }
}
