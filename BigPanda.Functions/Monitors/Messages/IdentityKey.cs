using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Functions.Monitors.Messages;

/// <summary>An identity as a row key: a hash, which spreads evenly, has no character that a key must not have, and is never too long.</summary>
internal static class IdentityKey
{
    private const int Bytes = 16;

    public static string Of(string identity) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, Bytes));
}
