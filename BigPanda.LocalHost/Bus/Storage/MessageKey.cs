using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BigPanda.LocalHost.Bus.Storage;

/// <summary>
/// 96 bits of the SHA-256 of a message id: small enough to keep millions. A collision would lose a message; neither chance nor a
/// sender that chooses ids can find one.
/// </summary>
internal readonly record struct MessageKey(ulong High, uint Low)
{
    public const int Bytes = sizeof(ulong) + sizeof(uint);

    public static MessageKey Read(ReadOnlySpan<byte> bytes) => bytes.Length == Bytes
        ? new MessageKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(ulong)..]))
        : default;

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, High);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[sizeof(ulong)..], Low);
    }

    public static MessageKey Of(string messageId)
    {
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(128)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (messageId.Length > 128)
            SHA256.HashData(Encoding.UTF8.GetBytes(messageId), hash);
        else
            SHA256.HashData(text[..Encoding.UTF8.GetBytes(messageId, text)], hash);
        return Read(hash[..Bytes]);
    }
}
