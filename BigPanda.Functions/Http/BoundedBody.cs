using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>A request body read whole into a rented buffer, up to a limit. Dispose gives the buffer back.</summary>
internal sealed class BoundedBody : IDisposable
{
    private byte[] buffer;
    private int length;

    private BoundedBody(int size) => buffer = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    /// <summary>Null when the body is longer than <paramref name="limit"/>; no more than that is read.</summary>
    /// <exception cref="BadHttpRequestException">The request's framing is wrong or it stopped arriving.</exception>
    public static async ValueTask<BoundedBody?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) return null;
        var body = new BoundedBody((int)Math.Min((request.ContentLength ?? 16 * 1024) + 1, limit + 1));
        try
        {
            for (int read; (read = await request.Body.ReadAsync(body.Free(limit), cancellationToken)) > 0;)
            {
                body.length += read;
                if (body.length <= limit) continue;
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
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    /// <summary>Room for more, one byte past the limit at most: that byte tells a body that is too long.</summary>
    private Memory<byte> Free(int limit)
    {
        if (length == buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, limit + 1));
            Memory.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        return buffer.AsMemory(length, Math.Min(buffer.Length, limit + 1) - length);
    }
}
