using Azure.Messaging.ServiceBus;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>
/// The append-only log all queues share. Records are collected in an open batch; one thread takes what has gathered, writes it
/// at once and flushes it once, so that many concurrent senders share the price of one flush.
/// Members that say so are called under the bus's lock: the order of operations in memory is the order of the records on disk.
/// </summary>
internal sealed partial class Journal : IDisposable
{
    private readonly Lock gate;
    private readonly JournalOptions options;
    private readonly JournalTail tail;
    private readonly Action committed;
    private readonly ILogger logger;
    private readonly Thread thread;
    private readonly AutoResetEvent wake = new(false);
    private Batch open = new(new ByteWriter());
    private ByteWriter spare = new();
    private Task latest = Task.CompletedTask;
    private int recordStart;
    private bool closing;

    /// <param name="committed">Runs under the lock after each batch's changes have taken effect.</param>
    public Journal(JournalTail tail, JournalOptions options, Lock gate, Action committed, ILogger logger)
    {
        (this.tail, this.options, this.gate, this.committed, this.logger) = (tail, options, gate, committed, logger);
        thread = new Thread(WriteBatches) { IsBackground = true, Name = "bus journal" };
        thread.Start();
    }

    /// <summary>Completes when everything appended so far is on disk. Under the lock.</summary>
    public Task Latest => open.IsEmpty ? latest : open.OnDisk;

    /// <summary>Senders should wait for <see cref="Latest"/> before they add more. Under the lock.</summary>
    public bool IsFull => open.End >= options.MaxBatchBytes;

    /// <summary>Starts a record; write its payload, then <see cref="End"/>. Under the lock.</summary>
    public ByteWriter Begin()
    {
        ObjectDisposedException.ThrowIf(closing, typeof(EmbeddedBus));
        recordStart = open.End;
        open.Writer.Truncate(recordStart);
        open.Writer.Reserve(RecordFrame.HeaderBytes);
        return open.Writer;
    }

    /// <summary>Under the lock.</summary>
    public Batch End(JournaledChange? change = null, bool flush = true)
    {
        var batch = open;
        RecordFrame.Begin(batch.Writer.Written[recordStart..]);
        if (change is not null)
        {
            (change.OffsetInBatch, change.Length) = (recordStart, batch.Writer.Length - recordStart);
            batch.Changes.Add(change);
        }

        var first = batch.IsEmpty;
        batch.End = batch.Writer.Length;
        batch.NeedsFlush |= flush;
        if (first)
            wake.Set();
        return batch;
    }

    /// <summary>Writes what is waiting, then stops. Not under the lock.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (closing)
                return;
            closing = true;
        }

        wake.Set();
        thread.Join();
        wake.Dispose();
        tail.Dispose();
    }

    private void WriteBatches()
    {
        var more = true;
        while (more)
        {
            wake.WaitOne();
            while (TakeBatch() is { } batch)
                Commit(batch);
            tail.Mark();
            lock (gate)
                more = !closing || !open.IsEmpty;
        }
    }

    private Batch? TakeBatch()
    {
        lock (gate)
        {
            if (open.IsEmpty)
                return null;
            var taken = open;
            spare.Truncate(0);
            open = new Batch(spare);
            latest = taken.OnDisk;
            return taken;
        }
    }

    private void Commit(Batch batch)
    {
        var failure = TryWrite(batch, out var start);
        lock (gate)
        {
            foreach (var change in batch.Changes)
                if (failure is null)
                    change.Committed(new RecordLocation(tail.Active, start + change.OffsetInBatch, change.Length));
                else
                    change.RolledBack();
            committed();
            // A burst must not keep its memory for ever.
            spare = batch.Writer.Capacity > options.MaxBatchBytes ? new ByteWriter() : batch.Writer;
        }

        if (failure is null)
            batch.ReportOnDisk();
        else
            batch.ReportFailed(failure);
    }

    private ServiceBusException? TryWrite(Batch batch, out int start)
    {
        start = 0;
        try
        {
            start = tail.Write(batch.Writer.Written[..batch.End]);
            batch.ReportWritten();
            if (batch.NeedsFlush)
                tail.Flush();
            return null;
        }
        catch (Exception failure)
        {
            tail.Distrust();
            Log.WriteFailed(logger, failure);
            return new ServiceBusException(
                $"The local bus could not write to its journal: {failure.Message}",
                ServiceBusFailureReason.ServiceCommunicationProblem,
                innerException: failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The journal could not be written; the operations in this batch were refused")]
        public static partial void WriteFailed(ILogger logger, Exception failure);
    }
}
