using System.Runtime.InteropServices;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>The broker's part of a stored message. Times are UTC ticks.</summary>
internal readonly record struct MessageStamp(
    long Sequence, long Queue, bool DeadLettered, int Deliveries, long EnqueuedAt, long ScheduledFor, long ExpiresAt)
{
    /// <summary>The checksum of a whole row: SQLite detects damaged pages, not damaged values.</summary>
    public uint Check(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<long> values = [Sequence, Queue, DeadLettered ? 1 : 0, Deliveries, EnqueuedAt, ScheduledFor, ExpiresAt];
        return Crc32C.Append(Crc32C.Append(uint.MaxValue, MemoryMarshal.AsBytes(values)), content);
    }
}
