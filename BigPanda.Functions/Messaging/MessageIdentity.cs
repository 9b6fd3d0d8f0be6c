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
        // Two calls on whole spans cost less than one object that is fed in parts.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> parts = stackalloc byte[SHA256.HashSizeInBytes + Encoding.UTF8.GetMaxByteCount(sourceId.Length)];
        SHA256.HashData(body, parts);
        var source = Encoding.UTF8.GetBytes(sourceId, parts[SHA256.HashSizeInBytes..]);
        SHA256.HashData(parts[..(SHA256.HashSizeInBytes + source)], hash);
        fingerprint = BitConverter.ToUInt64(hash);
        return "incident-" + Convert.ToHexStringLower(hash[..HashBytes]);
    }

    /// <summary>Each part goes in with its length: no choice of parts can look like another one.</summary>
    public static string Of(string kind, params ReadOnlySpan<string> parts)
    {
        var whole = new StringBuilder();
        foreach (var part in parts) whole.Append(part.Length).Append(':').Append(part);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(whole.ToString()));
        return $"{kind}-{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}";
    }
}
