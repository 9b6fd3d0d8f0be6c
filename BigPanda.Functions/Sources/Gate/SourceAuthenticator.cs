using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// Checks that a request carries a token of its source. Tokens are compared as SHA-256 hashes in constant time, and an unknown source takes as
/// long as a wrong token, so that timing reveals neither.
/// </summary>
internal static class SourceAuthenticator
{
    private const string Bearer = "Bearer ";

    /// <summary>Fits into one block of SHA-256, so that every hash takes the same time. The tokens we issue have 43.</summary>
    internal const int MaxTokenBytes = 55;

    /// <returns>The source's token that the request carries; null when it carries none of them.</returns>
    public static SourceToken? Match(SourceEntry source, IHeaderDictionary headers)
    {
        // Several headers of that name count as none.
        var token = Token(headers[source.Source.HeaderName] is [{ } header] ? header : "", source.IsBearer);
        Span<byte> utf8 = stackalloc byte[MaxTokenBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!Encoding.UTF8.TryGetBytes(token, utf8, out var length)) length = 0;
        SHA256.HashData(utf8[..length], hash);
        var isFirst = CryptographicOperations.FixedTimeEquals(hash, source.First);
        var isSecond = CryptographicOperations.FixedTimeEquals(hash, source.Second);
        if (!((isFirst | isSecond) & length > 0)) return null;
        return source.Source.Tokens[isFirst ? 0 : 1];
    }

    /// <summary>Any header may hold the scheme before the token; <c>Authorization</c> must.</summary>
    private static ReadOnlySpan<char> Token(string header, bool isBearer)
    {
        var token = header.AsSpan().Trim();
        if (token.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return token[Bearer.Length..].Trim();
        return isBearer ? [] : token;
    }
}
