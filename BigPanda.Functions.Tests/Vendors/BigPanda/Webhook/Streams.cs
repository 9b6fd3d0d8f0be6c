namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

/// <summary>A request body as a network stream delivers it: in order, in pieces, without a length.</summary>
internal abstract class OneWayStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Kestrel refuses synchronous reads.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Fails the test when it is read.</summary>
internal sealed class UnreadStream : OneWayStream
{
    public bool IsRead { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        IsRead = true;
        throw new InvalidOperationException("The body was read.");
    }
}

/// <summary>Returns a few bytes per read.</summary>
internal sealed class PieceByPieceStream(ReadOnlyMemory<byte> bytes, int piece) : OneWayStream
{
    public int Taken { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(Math.Min(piece, bytes.Length - Taken), buffer.Length);
        bytes.Slice(Taken, count).CopyTo(buffer);
        Taken += count;
        return ValueTask.FromResult(count);
    }
}

/// <summary>Throws the given exception when it is read.</summary>
internal sealed class BrokenStream(Exception fault) : OneWayStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw fault;
}

/// <summary>Nothing arrives.</summary>
internal sealed class StalledStream : OneWayStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        return 0;
    }
}
