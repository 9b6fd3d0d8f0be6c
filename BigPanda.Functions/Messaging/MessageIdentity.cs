using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Functions.Messaging;

/// <summary>Deterministic message ids: the same event has the same id wherever and however often it is sent. At most 128 characters.</summary>
internal static class MessageIdentity
{
    private const int HashBytes = 16;

    /// <summary>BigPanda gives a delivery no id of its own, so its bytes are its identity.</summary>
    public static string OfDelivery(string sourceId, ReadOnlySpan<byte> body, out ulong fingerprint)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(body);
        Span<byte> source = stackalloc byte[Encoding.UTF8.GetMaxByteCount(sourceId.Length)];
        sha.AppendData(source[..Encoding.UTF8.GetBytes(sourceId, source)]);
        sha.GetHashAndReset(hash);
        fingerprint = BitConverter.ToUInt64(hash);
        return "incident-" + Convert.ToHexStringLower(hash[..HashBytes]);
    }

    public static string Of(string kind, params ReadOnlySpan<string> parts)
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\n', parts.ToArray()));
        return $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, HashBytes))}";
    }
}
