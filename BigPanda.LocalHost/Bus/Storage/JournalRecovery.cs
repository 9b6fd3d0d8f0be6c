namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>
/// Reads the journal at start. What an interrupted write left at its very end is cut; anything else unreadable stops the start.
/// </summary>
internal sealed partial class JournalRecovery(JournalFolder folder, ILogger logger)
{
    public (RecoveredState State, SegmentList Segments, int LastNumber) Read()
    {
        var state = new RecoveredState();
        var numbers = folder.Numbers();
        var read = new List<Segment>();
        try
        {
            for (var i = 0; i < numbers.Count; i++)
                if (ReadSegment(numbers[i], state, isLast: i == numbers.Count - 1) is { } segment)
                    read.Add(segment);
            RequireUnbroken(numbers, state.Floor);
        }
        catch
        {
            foreach (var segment in read)
                segment.File.Dispose();
            throw;
        }

        state.DropObsolete();
        return (state, KeepNeeded(read, state.Floor), read.Count == 0 ? 0 : read[^1].Number);
    }

    private Segment? ReadSegment(int number, RecoveredState state, bool isLast)
    {
        var file = folder.OpenFile(number);
        try
        {
            if (Open(number, file, isLast) is { } segment && Replay(segment, state, isLast))
                return segment;
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        folder.Delete(number);
        return null;
    }

    /// <summary>Null for a last file that a crash interrupted before its first record: there was nothing in it.</summary>
    private Segment? Open(int number, SegmentFile file, bool isLast)
    {
        var length = checked((int)file.Length);
        var preamble = new byte[Math.Min(length, Segment.PreambleBytes)];
        file.Read(preamble, 0);
        if (Segment.SaltOf(preamble) is { } salt)
            return new Segment(number, file, salt, length);
        if (isLast && !HoldsRecords(file, length))
            return null;
        throw new JournalDamagedException(folder.PathOf(number), "its first bytes are not those of a journal.");
    }

    /// <summary>False if the file holds nothing but an interrupted start.</summary>
    private bool Replay(Segment segment, RecoveredState state, bool isLast)
    {
        var end = Scan(segment, state);
        if (end == segment.Length)
            return end > Segment.PreambleBytes;
        if (!isLast || SegmentScanner.WasOnDisk(segment, end))
            throw new JournalDamagedException(
                segment.File.Path,
                $"the record at byte {end} does not match its checksum, and it is not an interrupted write: "
                + (isLast ? "later records show that it was safely stored." : "later files follow this one."));

        Log.TailCut(logger, segment.Length - end, segment.File.Path);
        segment.File.Truncate(end);
        segment.File.Flush();
        segment.Length = end;
        return end > Segment.PreambleBytes;
    }

    private static int Scan(Segment segment, RecoveredState state)
    {
        try
        {
            return SegmentScanner.Scan(segment, state.Apply);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or ArgumentException or FormatException)
        {
            throw new JournalDamagedException(segment.File.Path, unreadable.Message);
        }
    }

    private static bool HoldsRecords(SegmentFile file, int length)
    {
        var bytes = new byte[length];
        file.Read(bytes, 0);
        for (var at = bytes.AsSpan().IndexOf(RecordFrame.MagicBytes); at >= 0 && at + RecordFrame.HeaderBytes <= length;)
        {
            // A record that relied on flushed ones before it: the preamble was among them.
            if (RecordFrame.FlushedBytes(bytes.AsSpan(at)) >= Segment.PreambleBytes)
                return true;
            var next = bytes.AsSpan(at + 1).IndexOf(RecordFrame.MagicBytes);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private void RequireUnbroken(IReadOnlyList<int> numbers, int floor)
    {
        var last = numbers.Count == 0 ? 0 : numbers[^1];
        for (var number = floor + 1; number <= last; number++)
            if (!numbers.Contains(number))
                throw new JournalDamagedException(folder.PathOf(number), "the file is missing, while earlier or later ones are there.");
    }

    private SegmentList KeepNeeded(List<Segment> read, int floor)
    {
        var kept = new SegmentList();
        foreach (var segment in read)
        {
            if (segment.Number > floor)
            {
                kept.Add(segment);
                continue;
            }

            segment.File.Dispose();
            folder.Delete(segment.Number);
        }

        return kept;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Cut {Bytes} bytes of an interrupted write from the end of {Path}; it had not been acknowledged")]
        public static partial void TailCut(ILogger logger, int bytes, string path);
    }
}
