namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>Reads a segment's records in order, up to its end or the first that is not intact.</summary>
internal static class SegmentScanner
{
    public delegate void RecordHandler(RecordKind kind, ByteReader rest, RecordLocation at);

    /// <summary>Returns the offset behind the last intact record.</summary>
    public static int Scan(Segment segment, RecordHandler handle)
    {
        var buffer = new byte[1 << 20];
        var (offset, start, filled) = (Segment.PreambleBytes, 0, 0);
        while (true)
        {
            var wanted = RecordFrame.LengthIfPlausible(buffer.AsSpan(start, filled)) ?? RecordFrame.HeaderBytes;
            if (filled < wanted)
            {
                var read = Refill(segment, ref buffer, ref start, filled, wanted, offset);
                filled += read;
                if (read == 0)
                    return offset;
                continue;
            }

            if (RecordFrame.LengthIfIntact(buffer.AsSpan(start, filled), segment.Salt) is not { } length)
                return offset;
            var payload = new ByteReader(buffer.AsSpan(start + RecordFrame.HeaderBytes, length - RecordFrame.HeaderBytes));
            handle((RecordKind)payload.ReadByte(), payload, new RecordLocation(segment, offset, length));
            (offset, start, filled) = (offset + length, start + length, filled - length);
        }
    }

    /// <summary>
    /// Whether a record behind <paramref name="offset"/> was written when everything up to beyond it was already on disk. Then what is
    /// broken there was once acknowledged; otherwise it is what an interrupted write left, and nobody was told that it was stored.
    /// </summary>
    public static bool WasOnDisk(Segment segment, int offset)
    {
        var rest = new byte[segment.Length - offset];
        segment.File.Read(rest, offset);
        for (var at = 1; at < rest.Length; at++)
        {
            var found = rest.AsSpan(at).IndexOf(RecordFrame.MagicBytes);
            if (found < 0)
                return false;
            at += found;
            if (RecordFrame.LengthIfIntact(rest.AsSpan(at), segment.Salt) is not null && RecordFrame.FlushedBytes(rest.AsSpan(at)) > offset)
                return true;
        }

        return false;
    }

    private static int Refill(Segment segment, ref byte[] buffer, ref int start, int filled, int wanted, int offset)
    {
        if (wanted > buffer.Length)
            Array.Resize(ref buffer, wanted);
        buffer.AsSpan(start, filled).CopyTo(buffer);
        start = 0;
        return segment.File.Read(buffer.AsSpan(filled), offset + filled);
    }
}
