namespace BigPanda.LocalHost.Bus.Storage;

internal static class AmendmentRecord
{
    public static void Write(ByteWriter writer, byte queue, long sequence, bool deadLettered, IDictionary<string, object?> properties)
    {
        writer.WriteByte((byte)RecordKind.Amendment);
        writer.WriteByte(queue);
        writer.WriteInt64(sequence);
        writer.WriteByte(deadLettered ? (byte)1 : (byte)0);
        PropertyCodec.Write(writer, properties);
    }

    /// <summary>Reads behind the record's kind; what follows are the properties.</summary>
    public static (byte Queue, long Sequence, bool DeadLettered) Read(ref ByteReader reader) =>
        (reader.ReadByte(), reader.ReadInt64(), reader.ReadByte() != 0);
}
