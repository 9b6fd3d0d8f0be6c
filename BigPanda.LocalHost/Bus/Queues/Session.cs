namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>One session's messages in order; only the first can be delivered.</summary>
/// <param name="id">Null on a queue without sessions, where every message is a separate session.</param>
internal sealed class Session(string? id)
{
    private MessageEntry? _head;
    private MessageEntry? _last;

    public string? Id => id;

    /// <summary>The slot that holds the session.</summary>
    public Slot? Holder { get; set; }

    /// <summary>Whether it is in the list of sessions without a holder.</summary>
    public bool IsOffered { get; set; }

    /// <summary>Active and scheduled ones.</summary>
    public int Messages { get; set; }

    // Removed messages are skipped and only unlinked by Trim, because a failed transaction may restore them.
    public MessageEntry? First
    {
        get
        {
            var first = _head;
            while (first is { Status.Place: not MessagePlace.Active })
                first = first.Next;
            return first;
        }
    }

    public bool HasWork => First is { IsFree: true };

    public void Append(MessageEntry entry)
    {
        if (_last is null)
            _head = entry;
        else
            _last.Next = entry;
        _last = entry;
    }

    public void Trim()
    {
        while (_head is { Status.Place: not MessagePlace.Active } gone)
            (_head, gone.Next) = (gone.Next, null);
        if (_head is null)
            _last = null;
    }
}
