using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>A request body in one buffer, up to a limit. Dispose returns the buffer to the pool.</summary>
internal sealed class BoundedBody : IDisposable
{
    /// <summary>Larger buffers are not pooled: the pool would keep a burst's megabytes for the life of the process.</summary>
    private const int MaxPooled = 1024 * 1024;

    private byte[] _buffer;
    private int _length;

    private BoundedBody(int size) => _buffer = Rent(size);

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Null when the body is longer than <paramref name="limit"/>; no more than that is read.</summary>
    /// <exception cref="BadHttpRequestException">The request's framing is wrong, or it stopped arriving.</exception>
    public static async ValueTask<BoundedBody?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) return null;
        var body = new BoundedBody((int)Math.Min((request.ContentLength ?? 16 * 1024) + 1, limit + 1));
        try
        {
            for (int read; (read = await request.Body.ReadAsync(body.Free(limit), cancellationToken)) > 0;)
            {
                body._length += read;
                if (body._length <= limit) continue;
                body.Dispose();
                return null;
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    /// <summary>Room for more, up to one byte past the limit, which detects a body that is too long.</summary>
    private Memory<byte> Free(int limit)
    {
        if (_length == _buffer.Length)
        {
            var larger = Rent((int)Math.Min(_buffer.Length * 2L, limit + 1));
            Memory.Span.CopyTo(larger);
            Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_length, Math.Min(_buffer.Length, limit + 1) - _length);
    }

    private static byte[] Rent(int size) => size <= MaxPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);

    private static void Return(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= MaxPooled) ArrayPool<byte>.Shared.Return(buffer);
    }
}
