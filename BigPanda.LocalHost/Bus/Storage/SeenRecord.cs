namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>Ids of messages whose own records are being dropped while their duplicates must still be recognised.</summary>
internal static class SeenRecord
{
    public const int BytesPerId = 20;
    public const int MaxIds = 4096;

    public static void Write(ByteWriter writer, byte queue, IReadOnlyCollection<SeenId> ids)
    {
        writer.WriteByte((byte)RecordKind.Seen);
        writer.WriteByte(queue);
        writer.WriteInt32(ids.Count);
        foreach (var id in ids)
        {
            writer.WriteInt64(unchecked((long)id.Key.High));
            writer.WriteInt32(unchecked((int)id.Key.Low));
            writer.WriteInt64(id.At);
        }
    }

    public static (byte Queue, SeenId[] Ids) Read(ByteReader reader)
    {
        var queue = reader.ReadByte();
        var ids = new SeenId[reader.ReadInt32()];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = new SeenId(new MessageKey(unchecked((ulong)reader.ReadInt64()), unchecked((uint)reader.ReadInt32())), reader.ReadInt64());
        return (queue, ids);
    }
}
