namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>The records of a few bytes. Readers start behind the kind.</summary>
internal static class SmallRecords
{
    public static void WriteDelivered(ByteWriter writer, byte queue, long sequence, int deliveries)
    {
        writer.WriteByte((byte)RecordKind.Delivered);
        writer.WriteByte(queue);
        writer.WriteInt64(sequence);
        writer.WriteInt32(deliveries);
    }

    public static (byte Queue, long Sequence, int Deliveries) ReadDelivered(ByteReader reader) =>
        (reader.ReadByte(), reader.ReadInt64(), reader.ReadInt32());

    public static void WriteRemoved(ByteWriter writer, byte queue, long sequence)
    {
        writer.WriteByte((byte)RecordKind.Removed);
        writer.WriteByte(queue);
        writer.WriteInt64(sequence);
    }

    public static (byte Queue, long Sequence) ReadRemoved(ByteReader reader) => (reader.ReadByte(), reader.ReadInt64());

    public static void WriteFloor(ByteWriter writer, int segment)
    {
        writer.WriteByte((byte)RecordKind.Floor);
        writer.WriteInt32(segment);
    }

    public static int ReadFloor(ByteReader reader) => reader.ReadInt32();
}
