namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>The growing end of the journal. Used by the journal's thread alone, except that the list of segments is guarded by the lock.</summary>
internal sealed class JournalTail(
    JournalFolder folder, SegmentList segments, Segment first, Action<ByteWriter> writeStart, Action rolled, int segmentBytes) : IDisposable
{
    private readonly ByteWriter _scratch = new();
    private int _trustedLength = first.Length;
    private bool _distrusted;

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
        _trustedLength = Active.Length;
    }

    /// <summary>After a failure nobody knows what of the batch is on disk: it is cut off before anything else is written.</summary>
    public void Distrust() => _distrusted = true;

    /// <summary>
    /// Notes, when there is nothing else to write, that all before was flushed. Without it damage to the last records could pass for
    /// an interrupted write. It is not flushed itself: missing, it only makes the next start a little more lenient.
    /// </summary>
    public void Mark()
    {
        if (_distrusted || Active.FlushedLength != Active.Length)
            return;
        try
        {
            _scratch.Truncate(0);
            _scratch.Reserve(RecordFrame.HeaderBytes);
            _scratch.WriteByte((byte)RecordKind.Marker);
            RecordFrame.Begin(_scratch.Written);
            Write(_scratch.Written);
            _trustedLength = Active.Length;
        }
        catch (IOException)
        {
            _distrusted = true;
        }
    }

    public void Dispose() => segments.Dispose();

    private void Repair()
    {
        if (!_distrusted)
            return;
        Active.File.Truncate(_trustedLength);
        Active.File.Flush();
        Active.Length = Active.FlushedLength = _trustedLength;
        _distrusted = false;
    }

    private void Roll()
    {
        Flush();
        Active = segments.Add(Start(folder, Active.Number + 1, writeStart));
        _trustedLength = Active.Length;
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
