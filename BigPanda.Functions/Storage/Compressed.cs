using System.IO.Compression;

namespace BigPanda.Functions.Storage;

/// <summary>Brotli at its fastest level: a webhook with 300 alerts shrinks about twentyfold.</summary>
internal static class Compressed
{
    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream(Math.Min(64 * 1024, bytes.Length / 2 + 64));
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) brotli.Write(bytes);
        return packed.ToArray();
    }

    /// <param name="limit">Largest result accepted; data that we packed is never larger.</param>
    public static byte[] Unpack(ReadOnlyMemory<byte> packed, int limit)
    {
        using var source = new MemoryStream(packed.ToArray());
        using var brotli = new BrotliStream(source, CompressionMode.Decompress);
        using var whole = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = brotli.Read(buffer)) > 0;)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > limit) throw new InvalidDataException($"The data decompresses to more than {limit:N0} bytes.");
        }

        return whole.ToArray();
    }
}
