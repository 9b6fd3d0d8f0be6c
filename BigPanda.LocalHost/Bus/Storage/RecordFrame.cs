using System.Buffers.Binary;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>
/// What surrounds a record on disk: magic, payload length, how much of the segment was known to be on disk when the record was
/// written, checksum. The third tells an interrupted write (nothing after it relied on it) from damage to something acknowledged.
/// </summary>
internal static class RecordFrame
{
    public const int HeaderBytes = 16;
    public const int MaxPayloadBytes = 64 * 1024 * 1024;

    // Not text, so that a search for it after a damaged record seldom stops in a body.
    private const uint Magic = 0xB16BA7D5;

    public static ReadOnlySpan<byte> MagicBytes => [0xD5, 0xA7, 0x6B, 0xB1];

    /// <summary>Writes the length; the rest is known when the batch goes to disk.</summary>
    public static void Begin(Span<byte> frame) =>
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], frame.Length - HeaderBytes);

    public static void SealAll(Span<byte> frames, int flushedBytes, uint salt)
    {
        while (frames.Length > 0)
        {
            var length = HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(frames[4..]);
            Seal(frames[..length], flushedBytes, salt);
            frames = frames[length..];
        }
    }

    /// <summary>The frame at the start of <paramref name="bytes"/>: its whole length, or null if there is no intact one.</summary>
    public static int? LengthIfIntact(ReadOnlySpan<byte> bytes, uint salt)
    {
        if (LengthIfPlausible(bytes) is not { } length || length > bytes.Length)
            return null;
        return ChecksumOf(bytes[..length], salt) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) ? length : null;
    }

    /// <summary>The length a frame header claims, before its payload has been read.</summary>
    public static int? LengthIfPlausible(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            return null;
        var payload = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        return payload is > 0 and <= MaxPayloadBytes ? HeaderBytes + payload : null;
    }

    public static int FlushedBytes(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32LittleEndian(frame[8..]);

    private static void Seal(Span<byte> frame, int flushedBytes, uint salt)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], flushedBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], ChecksumOf(frame, salt));
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> frame, uint salt) =>
        Crc32C.Append(Crc32C.Append(salt, frame[..12]), frame[HeaderBytes..]);
}
