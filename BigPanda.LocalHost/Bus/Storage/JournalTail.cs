namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>The growing end of the journal. Used by the journal's thread alone, except that the list of segments is guarded by the lock.</summary>
internal sealed class JournalTail(
    JournalFolder folder, SegmentList segments, Segment first, Action<ByteWriter> writeStart, Action rolled, int segmentBytes) : IDisposable
{
    private readonly ByteWriter scratch = new();
    private int trustedLength = first.Length;
    private bool distrusted;

    public Segment Active { get; private set; } = first;

    /// <summary>The first segment of this run. A segment is never appended to after a restart, so that what a crash left is only ever cut.</summary>
    public static Segment Start(JournalFolder folder, int number, Action<ByteWriter> writeStart)
    {
        var segment = folder.Create(number);
        try
        {
            WriteStart(segment, new ByteWriter(), writeStart);
            return segment;
        }
        catch
        {
            segment.File.Dispose();
            folder.Delete(number);
            throw;
        }
    }

    /// <summary>Returns where the frames begin.</summary>
    public int Write(Span<byte> frames)
    {
        Repair();
        if (Active.Length >= segmentBytes)
            Roll();
        var start = Active.Length;
        RecordFrame.SealAll(frames, Active.FlushedLength, Active.Salt);
        Active.File.Write(frames, start);
        Active.Length = start + frames.Length;
        return start;
    }

    public void Flush()
    {
        Active.File.Flush();
        Active.FlushedLength = Active.Length;
        trustedLength = Active.Length;
    }

    /// <summary>After a failure nobody knows what of the batch is on disk: it is cut off before anything else is written.</summary>
    public void Distrust() => distrusted = true;

    /// <summary>
    /// Notes, when there is nothing else to write, that all before was flushed. Without it damage to the last records could pass for
    /// an interrupted write. It is not flushed itself: missing, it only makes the next start a little more lenient.
    /// </summary>
    public void Mark()
    {
        if (distrusted || Active.FlushedLength != Active.Length)
            return;
        try
        {
            scratch.Truncate(0);
            scratch.Reserve(RecordFrame.HeaderBytes);
            scratch.WriteByte((byte)RecordKind.Marker);
            RecordFrame.Begin(scratch.Written);
            Write(scratch.Written);
            trustedLength = Active.Length;
        }
        catch (IOException)
        {
            distrusted = true;
        }
    }

    public void Dispose() => segments.Dispose();

    private void Repair()
    {
        if (!distrusted)
            return;
        Active.File.Truncate(trustedLength);
        Active.File.Flush();
        Active.Length = Active.FlushedLength = trustedLength;
        distrusted = false;
    }

    private void Roll()
    {
        Flush();
        Active = segments.Add(Start(folder, Active.Number + 1, writeStart));
        trustedLength = Active.Length;
        rolled();
    }

    private static void WriteStart(Segment segment, ByteWriter scratch, Action<ByteWriter> writeStart)
    {
        scratch.Reserve(RecordFrame.HeaderBytes);
        writeStart(scratch);
        RecordFrame.Begin(scratch.Written);
        RecordFrame.SealAll(scratch.Written, 0, segment.Salt);
        segment.File.Write(scratch.Written, segment.Length);
        segment.File.Flush();
        segment.Length += scratch.Length;
        segment.FlushedLength = segment.Length;
    }
}
