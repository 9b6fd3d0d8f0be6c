using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Sources;

/// <summary>
/// Says whether a request carries a token of its source. Tokens are compared as SHA-256 hashes in constant time, and an
/// unknown source costs the same as a wrong token, so that neither can be guessed at.
/// </summary>
internal static class SourceAuthenticator
{
    private const string Bearer = "Bearer ";

    /// <summary>Longer tokens than any we issue are wrong without a look.</summary>
    private const int MaxTokenChars = 512;

    public static bool IsAuthentic(SourceEntry source, IHeaderDictionary headers, DateTimeOffset now)
    {
        var token = Token(headers[source.Source.HeaderName].ToString(), source.IsBearer);
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxTokenChars)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(token, utf8)], hash);
        var isFirst = CryptographicOperations.FixedTimeEquals(hash, source.First);
        var isSecond = CryptographicOperations.FixedTimeEquals(hash, source.Second);
        if (!((isFirst | isSecond) & !token.IsEmpty)) return false;
        (isFirst ? source.FirstUse : source.SecondUse)?.Used(now);
        return true;
    }

    private static ReadOnlySpan<char> Token(string header, bool isBearer)
    {
        var token = header.AsSpan().Trim();
        if (isBearer) token = token.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? token[Bearer.Length..].Trim() : [];
        return token.Length <= MaxTokenChars ? token : [];
    }
}
