using System.Buffers.Binary;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>One file of the journal.</summary>
internal sealed class Segment(int number, SegmentFile file, uint salt, int length)
{
    public const int PreambleBytes = 16;

    private static ReadOnlySpan<byte> Signature => "BPBUS\0\0\u0001"u8;

    public int Number => number;

    public SegmentFile File => file;

    /// <summary>Seeds this segment's checksums, so that no message body can contain a record that passes for one of the journal's.</summary>
    public uint Salt => salt;

    public int Length { get; set; } = length;

    public int FlushedLength { get; set; }

    /// <summary>How many records of waiting messages are in this file; it can go when there are none. Guarded by the bus's lock.</summary>
    public int LiveRecords { get; set; }

    public static byte[] Preamble(uint salt)
    {
        var bytes = new byte[PreambleBytes];
        Signature.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), salt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Crc32C.Append(0, bytes.AsSpan(0, 12)));
        return bytes;
    }

    public static uint? SaltOf(ReadOnlySpan<byte> preamble) =>
        preamble.Length >= PreambleBytes
        && preamble.StartsWith(Signature)
        && BinaryPrimitives.ReadUInt32LittleEndian(preamble[12..]) == Crc32C.Append(0, preamble[..12])
            ? BinaryPrimitives.ReadUInt32LittleEndian(preamble[8..])
            : null;
}
