using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>
/// The message ids of the duplicate window: a ring ordered by time, 16 bytes an id, with an open-addressed index into it.
/// Memory grows and shrinks with the number of ids in the window.
/// </summary>
internal sealed class DuplicateHistory(TimeSpan window)
{
    private const int SmallestRing = 1024;

    private readonly int _windowMs = checked((int)window.TotalMilliseconds);
    private Entry[] _ring = new Entry[SmallestRing];
    private int[] _index = new int[SmallestRing * 2];
    private int _head;
    private long _newest;

    public int Count { get; private set; }

    private int RingMask => _ring.Length - 1;

    private int IndexMask => _index.Length - 1;

    public bool Contains(MessageKey key, long now)
    {
        DropOld(now);
        return _index[FindSlot(key)] != 0;
    }

    /// <summary>Call in order of time. Those before a step back of the clock are kept longer.</summary>
    public void Add(MessageKey key, long at)
    {
        if (Count == _ring.Length)
            Resize(_ring.Length * 2);
        var place = (_head + Count++) & RingMask;
        _ring[place] = new Entry(key, Milliseconds(at));
        _index[FindSlot(key)] = place + 1;
        _newest = at;
    }

    /// <summary>For a send that could not be stored. Its place in the ring expires.</summary>
    public void Forget(MessageKey key)
    {
        var slot = FindSlot(key);
        if (_index[slot] == 0)
            return;
        var place = _index[slot] - 1;
        _ring[place] = _ring[place] with { Key = default };
        Empty(slot);
    }

    private void DropOld(long now)
    {
        // Beyond this the ring's short times wrap and could look newer than they are.
        if (Count > 0 && now - _newest >= window.Ticks)
        {
            (Count, _head) = (0, 0);
            (_ring, _index) = (new Entry[SmallestRing], new int[SmallestRing * 2]);
        }

        while (Count > 0 && unchecked((int)(Milliseconds(now) - _ring[_head].Milliseconds)) >= _windowMs)
        {
            var slot = FindSlot(_ring[_head].Key);
            if (_index[slot] == _head + 1)
                Empty(slot);
            _head = (_head + 1) & RingMask;
            Count--;
        }

        if (_ring.Length > SmallestRing && Count < _ring.Length / 8)
            Resize(_ring.Length / 4);
    }

    /// <summary>The slot that holds the key, or the empty slot for it.</summary>
    private int FindSlot(MessageKey key)
    {
        var slot = Home(key);
        while (_index[slot] != 0 && _ring[_index[slot] - 1].Key != key)
            slot = (slot + 1) & IndexMask;
        return slot;
    }

    /// <summary>Moves later entries of the same probe run up, so that no search ends early.</summary>
    private void Empty(int slot)
    {
        for (var next = (slot + 1) & IndexMask; _index[next] != 0; next = (next + 1) & IndexMask)
        {
            var home = Home(_ring[_index[next] - 1].Key);
            if (((next - home) & IndexMask) < ((next - slot) & IndexMask))
                continue;
            _index[slot] = _index[next];
            slot = next;
        }

        _index[slot] = 0;
    }

    private void Resize(int size)
    {
        var (old, oldHead, oldMask) = (_ring, _head, RingMask);
        (_ring, _index, _head) = (new Entry[size], new int[size * 2], 0);
        for (var i = 0; i < Count; i++)
        {
            var entry = old[(oldHead + i) & oldMask];
            _ring[i] = entry;
            if (entry.Key != default)
                _index[FindSlot(entry.Key)] = i + 1;
        }
    }

    private int Home(MessageKey key) => unchecked((int)key.High) & IndexMask;

    // Wraps after 49 days; only differences of less than half of that are used.
    private static uint Milliseconds(long ticks) => unchecked((uint)(ticks / TimeSpan.TicksPerMillisecond));

    private readonly record struct Entry(MessageKey Key, uint Milliseconds);
}
