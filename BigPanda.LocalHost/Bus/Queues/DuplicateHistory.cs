using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Queues;

/// <summary>
/// The message ids of the last window, 16 bytes each in a ring ordered by time, found through an open-addressed index of ring places.
/// Memory follows the number of ids within the window, up and down.
/// </summary>
internal sealed class DuplicateHistory(TimeSpan window)
{
    private const int SmallestRing = 1024;

    private readonly uint windowMs = checked((uint)window.TotalMilliseconds);
    private Entry[] ring = new Entry[SmallestRing];
    private int[] index = new int[SmallestRing * 2];
    private int head;
    private long newest;

    public int Count { get; private set; }

    private int RingMask => ring.Length - 1;

    private int IndexMask => index.Length - 1;

    public bool Contains(MessageKey key, long now)
    {
        DropOld(now);
        return index[FindSlot(key)] != 0;
    }

    /// <summary>Ids come in order of time.</summary>
    public void Add(MessageKey key, long at)
    {
        if (Count == ring.Length)
            Resize(ring.Length * 2);
        var place = (head + Count++) & RingMask;
        ring[place] = new Entry(key, Milliseconds(at));
        index[FindSlot(key)] = place + 1;
        newest = at;
    }

    /// <summary>The send was refused by the disk. Its place in the ring passes with time.</summary>
    public void Forget(MessageKey key)
    {
        var slot = FindSlot(key);
        if (index[slot] == 0)
            return;
        var place = index[slot] - 1;
        ring[place] = ring[place] with { Key = default };
        Empty(slot);
    }

    private void DropOld(long now)
    {
        // Beyond this the short times in the ring could be mistaken for later ones.
        if (Count > 0 && now - newest >= window.Ticks)
        {
            (Count, head) = (0, 0);
            (ring, index) = (new Entry[SmallestRing], new int[SmallestRing * 2]);
        }

        while (Count > 0 && unchecked(Milliseconds(now) - ring[head].Milliseconds) >= windowMs)
        {
            var slot = FindSlot(ring[head].Key);
            if (index[slot] == head + 1)
                Empty(slot);
            head = (head + 1) & RingMask;
            Count--;
        }

        if (ring.Length > SmallestRing && Count < ring.Length / 8)
            Resize(ring.Length / 4);
    }

    /// <summary>The slot that holds the key, or the empty one where it would go.</summary>
    private int FindSlot(MessageKey key)
    {
        var slot = Home(key);
        while (index[slot] != 0 && ring[index[slot] - 1].Key != key)
            slot = (slot + 1) & IndexMask;
        return slot;
    }

    /// <summary>Moves later entries of the same run up, so that no search stops short.</summary>
    private void Empty(int slot)
    {
        for (var next = (slot + 1) & IndexMask; index[next] != 0; next = (next + 1) & IndexMask)
        {
            var home = Home(ring[index[next] - 1].Key);
            if (((next - home) & IndexMask) < ((next - slot) & IndexMask))
                continue;
            index[slot] = index[next];
            slot = next;
        }

        index[slot] = 0;
    }

    private void Resize(int size)
    {
        var (old, oldHead, oldMask) = (ring, head, RingMask);
        (ring, index, head) = (new Entry[size], new int[size * 2], 0);
        for (var i = 0; i < Count; i++)
        {
            var entry = old[(oldHead + i) & oldMask];
            ring[i] = entry;
            if (entry.Key != default)
                index[FindSlot(entry.Key)] = i + 1;
        }
    }

    private int Home(MessageKey key) => unchecked((int)key.High) & IndexMask;

    // Wraps after 49 days: only differences within a window are ever taken.
    private static uint Milliseconds(long ticks) => unchecked((uint)(ticks / TimeSpan.TicksPerMillisecond));

    private readonly record struct Entry(MessageKey Key, uint Milliseconds);
}
