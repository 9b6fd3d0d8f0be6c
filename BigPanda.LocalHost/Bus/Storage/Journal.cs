using Azure.Messaging.ServiceBus;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>
/// The append-only log all queues share. Records are collected in an open batch; one thread takes what has gathered, writes it
/// at once and flushes it once, so that many concurrent senders share the price of one flush.
/// Members that say so are called under the bus's lock: the order of operations in memory is the order of the records on disk.
/// </summary>
internal sealed partial class Journal : IDisposable
{
    private readonly Lock _gate;
    private readonly JournalOptions _options;
    private readonly JournalTail _tail;
    private readonly Action _committed;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(false);
    private Batch _open = new(new ByteWriter());
    private ByteWriter _spare = new();
    private Task _latest = Task.CompletedTask;
    private int _recordStart;
    private bool _closing;

    /// <param name="committed">Runs under the lock after each batch's changes have taken effect.</param>
    public Journal(JournalTail tail, JournalOptions options, Lock gate, Action committed, ILogger logger)
    {
        (_tail, _options, _gate, _committed, _logger) = (tail, options, gate, committed, logger);
        _thread = new Thread(WriteBatches) { IsBackground = true, Name = "bus journal" };
        _thread.Start();
    }

    /// <summary>Completes when everything appended so far is on disk. Under the lock.</summary>
    public Task Latest => _open.IsEmpty ? _latest : _open.OnDisk;

    /// <summary>Senders should wait for <see cref="Latest"/> before they add more. Under the lock.</summary>
    public bool IsFull => _open.End >= _options.MaxBatchBytes;

    /// <summary>Starts a record; write its payload, then <see cref="End"/>. Under the lock.</summary>
    public ByteWriter Begin()
    {
        ObjectDisposedException.ThrowIf(_closing, typeof(EmbeddedBus));
        _recordStart = _open.End;
        _open.Writer.Truncate(_recordStart);
        _open.Writer.Reserve(RecordFrame.HeaderBytes);
        return _open.Writer;
    }

    /// <summary>Under the lock.</summary>
    public Batch End(JournaledChange? change = null, bool flush = true)
    {
        var batch = _open;
        RecordFrame.Begin(batch.Writer.Written[_recordStart..]);
        if (change is not null)
        {
            (change.OffsetInBatch, change.Length) = (_recordStart, batch.Writer.Length - _recordStart);
            batch.Changes.Add(change);
        }

        var first = batch.IsEmpty;
        batch.End = batch.Writer.Length;
        batch.NeedsFlush |= flush;
        if (first)
            _wake.Set();
        return batch;
    }

    /// <summary>Writes what is waiting, then stops. Not under the lock.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closing)
                return;
            _closing = true;
        }

        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        _tail.Dispose();
    }

    private void WriteBatches()
    {
        var more = true;
        while (more)
        {
            _wake.WaitOne();
            while (TakeBatch() is { } batch)
                Commit(batch);
            _tail.Mark();
            lock (_gate)
                more = !_closing || !_open.IsEmpty;
        }
    }

    private Batch? TakeBatch()
    {
        lock (_gate)
        {
            if (_open.IsEmpty)
                return null;
            var taken = _open;
            _spare.Truncate(0);
            _open = new Batch(_spare);
            _latest = taken.OnDisk;
            return taken;
        }
    }

    private void Commit(Batch batch)
    {
        var failure = TryWrite(batch, out var start);
        lock (_gate)
        {
            foreach (var change in batch.Changes)
                if (failure is null)
                    change.Committed(new RecordLocation(_tail.Active, start + change.OffsetInBatch, change.Length));
                else
                    change.RolledBack();
            _committed();
            // A burst must not keep its memory for ever.
            _spare = batch.Writer.Capacity > _options.MaxBatchBytes ? new ByteWriter() : batch.Writer;
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
            start = _tail.Write(batch.Writer.Written[..batch.End]);
            batch.ReportWritten();
            if (batch.NeedsFlush)
                _tail.Flush();
            return null;
        }
        catch (Exception failure)
        {
            _tail.Distrust();
            Log.WriteFailed(_logger, failure);
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
