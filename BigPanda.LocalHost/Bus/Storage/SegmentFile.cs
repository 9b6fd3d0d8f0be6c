using Microsoft.Win32.SafeHandles;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>The journal's only way to the disk. Not sealed: tests make it fail.</summary>
internal class SegmentFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    public SegmentFile(string path, FileMode mode)
    {
        Path = path;
        // Others may read, so that the folder can be copied while the bus runs; the lock file keeps a second bus out.
        _handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    public string Path { get; }

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_handle, buffer, offset);

    public virtual void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    /// <summary>Returns once everything written is on the disk itself.</summary>
    public virtual void Flush() => RandomAccess.FlushToDisk(_handle);

    public virtual void Truncate(long length) => RandomAccess.SetLength(_handle, length);

    public void Dispose()
    {
        _handle.Dispose();
        GC.SuppressFinalize(this);
    }
}
