namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>The records that share one write and one flush.</summary>
internal sealed class Batch(ByteWriter writer)
{
    private readonly TaskCompletionSource _onDisk = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _written;

    public ByteWriter Writer { get; } = writer;

    public List<JournaledChange> Changes { get; } = [];

    public int End { get; set; }

    public bool NeedsFlush { get; set; }

    public bool IsEmpty => End == 0;

    public Task OnDisk => _onDisk.Task;

    /// <summary>
    /// Handed to the operating system: survives the death of this process, though not of the machine.
    /// Asked for under the lock, while the batch is open.
    /// </summary>
    public Task Written => (_written ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void ReportWritten() => _written?.TrySetResult();

    public void ReportOnDisk() => _onDisk.SetResult();

    public void ReportFailed(Exception failure)
    {
        _written?.TrySetException(failure);
        _onDisk.SetException(failure);
        // Nobody may be waiting (a delivery waits for the write only); the journal has logged it.
        _ = _onDisk.Task.Exception;
    }
}
