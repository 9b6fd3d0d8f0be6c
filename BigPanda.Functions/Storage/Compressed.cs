using System.Buffers;
using System.IO.Compression;

namespace BigPanda.Functions.Storage;

/// <summary>
/// Brotli at its fastest level: a webhook with 300 alerts shrinks about twentyfold. Works in pieces of 64 KiB, the size of a table's property and below that of
/// the large object heap: megabytes that grow there by doubling and are copied once more cost several times what they hold.
/// </summary>
internal static class Compressed
{
    private const int PieceBytes = EntityLimits.MaxPropertyBytes;
    private const int Quality = 1;
    private const int Window = 22;

    public static byte[] Pack(ReadOnlySpan<byte> bytes) => Join(PackInPieces(bytes));

    /// <returns>Pieces of 64 KiB; the last may be shorter.</returns>
    public static List<byte[]> PackInPieces(ReadOnlySpan<byte> bytes)
    {
        using var brotli = new BrotliEncoder(Quality, Window);
        List<byte[]> pieces = [];
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        var length = 0;
        try
        {
            for (var status = OperationStatus.DestinationTooSmall; status == OperationStatus.DestinationTooSmall;)
            {
                status = brotli.Compress(bytes, piece.AsSpan(length, PieceBytes - length), out var read, out var written, isFinalBlock: true);
                bytes = bytes[read..];
                length += written;
                if (status != OperationStatus.Done && length < PieceBytes) continue;
                pieces.Add(piece.AsSpan(0, length).ToArray());
                length = 0;
            }

            return pieces;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    public static byte[] Unpack(ReadOnlyMemory<byte> packed, int limit) => Unpack([packed], limit);

    /// <param name="packed">In pieces of any size.</param>
    /// <param name="limit">Largest result accepted; data that we packed is never larger.</param>
    /// <exception cref="InvalidDataException">The data is damaged, or larger than the limit.</exception>
    public static byte[] Unpack(IReadOnlyList<ReadOnlyMemory<byte>> packed, int limit)
    {
        List<byte[]> pieces = [];
        try
        {
            var length = UnpackInto(pieces, packed, limit);
            var whole = GC.AllocateUninitializedArray<byte>(length);
            for (var at = 0; at < length; at += PieceBytes)
                pieces[at / PieceBytes].AsSpan(0, Math.Min(PieceBytes, length - at)).CopyTo(whole.AsSpan(at));
            return whole;
        }
        finally
        {
            foreach (var piece in pieces) ArrayPool<byte>.Shared.Return(piece);
        }
    }

    public static byte[] Join(IReadOnlyList<byte[]> pieces)
    {
        if (pieces.Count == 1) return pieces[0];
        var whole = new byte[pieces.Sum(piece => piece.Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(whole, at);
            at += piece.Length;
        }

        return whole;
    }

    /// <summary>Fills rented pieces with 64 KiB each.</summary>
    private static int UnpackInto(List<byte[]> pieces, IReadOnlyList<ReadOnlyMemory<byte>> packed, int limit)
    {
        using var brotli = new BrotliDecoder();
        var (length, status) = (0, OperationStatus.NeedMoreData);
        foreach (var part in packed)
        {
            var rest = part.Span;
            do
            {
                if (length == pieces.Count * PieceBytes) pieces.Add(ArrayPool<byte>.Shared.Rent(PieceBytes));
                status = brotli.Decompress(rest, pieces[^1].AsSpan(length % PieceBytes, PieceBytes - (length % PieceBytes)), out var read, out var written);
                rest = rest[read..];
                length += written;
                if (length > limit) throw new InvalidDataException($"The data decompresses to more than {limit:N0} bytes.");
            }
            while (status == OperationStatus.DestinationTooSmall);

            if (status == OperationStatus.InvalidData) break;
        }

        return status == OperationStatus.Done ? length : throw new InvalidDataException("The compressed data is cut off or invalid.");
    }
}
