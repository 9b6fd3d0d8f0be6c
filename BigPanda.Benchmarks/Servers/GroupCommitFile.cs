using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace BigPanda.Benchmarks.Servers;

/// <summary>Appends to one file; writes that queue up during a flush share the next write and flush.</summary>
internal sealed class GroupCommitFile : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly SafeFileHandle _file;
    private readonly Thread _thread;
    private ArrayBufferWriter<byte> _gathering = new(1 << 20);
    private ArrayBufferWriter<byte> _spare = new(1 << 20);
    private TaskCompletionSource _onDisk = New();
    private long _length;
    private bool _closing;

    public GroupCommitFile(string path)
    {
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        _thread = new Thread(Write) { IsBackground = true };
        _thread.Start();
    }

    public Task AppendAsync(ReadOnlySequence<byte> bytes)
    {
        lock (_gate)
        {
            foreach (var part in bytes) _gathering.Write(part.Span);
            _wake.Set();
            return _onDisk.Task;
        }
    }

    public void Dispose()
    {
        lock (_gate) _closing = true;
        _wake.Set();
        _thread.Join();
        _file.Dispose();
        _wake.Dispose();
    }

    private void Write()
    {
        while (true)
        {
            _wake.WaitOne();
            TaskCompletionSource onDisk;
            lock (_gate)
            {
                if (_gathering.WrittenCount == 0 && _closing) return;
                if (_gathering.WrittenCount == 0) continue;
                (_gathering, _spare, onDisk, _onDisk) = (_spare, _gathering, _onDisk, New());
            }

            RandomAccess.Write(_file, _spare.WrittenSpan, _length);
            RandomAccess.FlushToDisk(_file);
            _length += _spare.WrittenCount;
            _spare.ResetWrittenCount();
            onDisk.SetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
