using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Functions.Messaging;

/// <summary>Deterministic message ids: the same event always has the same id. At most 128 characters, which is Service Bus's limit.</summary>
internal static class MessageIdentity
{
    private const int HashBytes = 16;
    private const int MaxSession = 128;

    /// <summary>From the bytes of the body, because BigPanda sends no delivery id.</summary>
    public static string OfDelivery(string sourceId, ReadOnlySpan<byte> body, out ulong fingerprint)
    {
        // Two one-shot hashes are faster than one incremental hash.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> parts = stackalloc byte[SHA256.HashSizeInBytes + Encoding.UTF8.GetMaxByteCount(sourceId.Length)];
        SHA256.HashData(body, parts);
        var source = Encoding.UTF8.GetBytes(sourceId, parts[SHA256.HashSizeInBytes..]);
        SHA256.HashData(parts[..(SHA256.HashSizeInBytes + source)], hash);
        fingerprint = BitConverter.ToUInt64(hash);
        return "incident-" + Convert.ToHexStringLower(hash[..HashBytes]);
    }

    /// <summary>An id of another system as a session's: hashed beyond Service Bus's limit.</summary>
    public static string SessionOf(string kind, string id) => id.Length <= MaxSession ? id : Of(kind, id);

    /// <summary>Hashes each part with its length, so that different parts never give the same input.</summary>
    public static string Of(string kind, params ReadOnlySpan<string> parts)
    {
        var whole = new StringBuilder();
        foreach (var part in parts) whole.Append(part.Length).Append(':').Append(part);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(whole.ToString()));
        return $"{kind}-{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}";
    }
}
