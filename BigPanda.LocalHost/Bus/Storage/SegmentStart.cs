namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>A segment's first record. A queue's place in the list is its number in the records; names are only ever added.</summary>
internal sealed record SegmentStart(IReadOnlyList<(string Name, long NextSequence)> Queues)
{
    private const byte Version = 1;

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)RecordKind.SegmentStart);
        writer.WriteByte(Version);
        writer.WriteByte(checked((byte)Queues.Count));
        foreach (var (name, next) in Queues)
        {
            writer.WriteText(name);
            writer.WriteInt64(next);
        }
    }

    public static SegmentStart Read(ByteReader reader)
    {
        var version = reader.ReadByte();
        if (version != Version)
            throw new InvalidDataException($"it was written in format {version}, this program reads format {Version}.");
        var queues = new (string, long)[reader.ReadByte()];
        for (var i = 0; i < queues.Length; i++)
            queues[i] = (reader.ReadText() ?? "", reader.ReadInt64());
        return new SegmentStart(queues);
    }
}
