using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.LocalHost.Bus.Broker;

/// <summary>
/// Keeps the journal about as small as what waits in it. Always the oldest file goes: its waiting messages are written again at the
/// end, and a settlement can then never be deleted before the message it settles.
/// </summary>
internal sealed partial class Compactor(
    BusCore core, JournalFolder folder, SegmentList segments, ContentReader reader, JournalOptions options, ILogger logger) : IDisposable
{
    private const int FewFiles = 8;

    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>Removes what is worth removing now.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await _oneAtATime.WaitAsync(stop);
        try
        {
            while (!stop.IsCancellationRequested && Worthwhile() is { } oldest)
                if (!await TryEmptyAsync(oldest))
                    return;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private Segment? Worthwhile()
    {
        var (oldest, complete, bytes) = segments.Measure();
        long live;
        lock (core.Gate)
            live = core.Queues.Sum(static queue => queue.SizeBytes + (long)queue.History.Count * SeenRecord.BytesPerId);
        var dead = bytes - live;
        return dead > Math.Max(live, 2L * options.SegmentBytes) || complete > FewFiles + 2 * live / options.SegmentBytes ? oldest : null;
    }

    private async Task<bool> TryEmptyAsync(Segment oldest)
    {
        var seen = new SeenIds(core);
        SegmentScanner.Scan(oldest, (kind, rest, at) => Keep(kind, rest, at, seen));
        seen.WriteAll();
        Task written;
        lock (core.Gate)
            written = core.Journal.Latest;
        await written;

        lock (core.Gate)
        {
            // A message being settled just now was left alone; the next round finds it gone or carries it.
            if (oldest.LiveRecords > 0)
                return false;
            SmallRecords.WriteFloor(core.Journal.Begin(), oldest.Number);
            written = core.Journal.End().OnDisk;
        }

        await written;
        segments.Remove(oldest);
        folder.Delete(oldest.Number);
        Log.Removed(logger, oldest.Number);
        return true;
    }

    private void Keep(RecordKind kind, ByteReader rest, RecordLocation at, SeenIds seen)
    {
        switch (kind)
        {
            case RecordKind.Message:
                var stamp = MessageStamp.Read(ref rest);
                if (!TryCarry(stamp.Queue, stamp.Sequence, at) && MessageContent.ReadIds(rest).MessageId is { } id)
                    seen.Add(stamp.Queue, new SeenId(MessageKey.Of(id), stamp.EnqueuedAt));
                break;
            case RecordKind.Amendment:
                var (queue, sequence, _) = AmendmentRecord.Read(ref rest);
                TryCarry(queue, sequence, at);
                break;
            case RecordKind.Seen:
                var (number, ids) = SeenRecord.Read(rest);
                foreach (var old in ids)
                    seen.Add(number, old);
                break;
        }
    }

    /// <summary>False when the record's message is gone, or about to go.</summary>
    private bool TryCarry(byte queueNumber, long sequence, RecordLocation at)
    {
        while (true)
        {
            MessageEntry? entry;
            RecordLocation[] amendments;
            lock (core.Gate)
            {
                entry = core.Queues[queueNumber].Find(sequence);
                if (entry is null || entry.Settling)
                    return false;
                if (!entry.IsStoredAt(at))
                    return true;
                amendments = entry.Amendments;
            }

            var content = new ByteWriter();
            reader.Read(entry).Write(content);
            if (TryAppend(entry, at, amendments, content))
                return true;
        }
    }

    /// <summary>False when the message changed while it was read.</summary>
    private bool TryAppend(MessageEntry entry, RecordLocation at, RecordLocation[] amendments, ByteWriter content)
    {
        Task? room = null;
        lock (core.Gate)
        {
            if (entry.Settling || !entry.IsStoredAt(at) || entry.Amendments != amendments || entry.Queue.Find(entry.Sequence) != entry)
                return false;
            var record = core.Journal.Begin();
            entry.Stamp.Write(record);
            record.WriteBytes(content.Written);
            core.Journal.End(new CarriedChange(entry));
            if (core.Journal.IsFull)
                room = core.Journal.Latest;
        }

        // Blocks a thread of the pool for one flush: the scan around this reads spans, which cannot wait.
        room?.GetAwaiter().GetResult();
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Journal file {Number} held nothing that is still waiting and was deleted")]
        public static partial void Removed(ILogger logger, int number);
    }
}
