namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>What the broker knows of a message, before the content in its record. Times are UTC ticks.</summary>
internal readonly record struct MessageStamp(
    byte Queue, long Sequence, bool DeadLettered, int Deliveries, long EnqueuedAt, long ScheduledFor, long ExpiresAt)
{
    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)RecordKind.Message);
        writer.WriteByte(Queue);
        writer.WriteInt64(Sequence);
        writer.WriteByte(DeadLettered ? (byte)1 : (byte)0);
        writer.WriteInt32(Deliveries);
        writer.WriteInt64(EnqueuedAt);
        writer.WriteInt64(ScheduledFor);
        writer.WriteInt64(ExpiresAt);
    }

    /// <summary>Reads behind the record's kind.</summary>
    public static MessageStamp Read(ref ByteReader reader) => new(
        reader.ReadByte(), reader.ReadInt64(), reader.ReadByte() != 0, reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
}
