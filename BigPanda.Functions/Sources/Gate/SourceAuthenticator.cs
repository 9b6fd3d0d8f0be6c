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

    /// <summary>BigPanda's Alerts API takes its token in this one, too: docs.bigpanda.io/reference/alerts.</summary>
    private const string QueryParameter = "access_token";

    /// <summary>Fits into one block of SHA-256, so that every hash takes the same time. The tokens we issue have 43.</summary>
    internal const int MaxTokenBytes = 55;

    /// <param name="inQuery">A token from the URL, used when the header has none.</param>
    /// <returns>The source's token that the request carries; null when it carries none of them.</returns>
    public static SourceToken? Match(SourceEntry source, IHeaderDictionary headers, string? inQuery = null)
    {
        // Several headers of that name count as none.
        var token = Token(headers[source.Source.HeaderName] is [{ } header] ? header : "", source.IsBearer);
        if (token.IsEmpty) token = inQuery.AsSpan().Trim();
        Span<byte> utf8 = stackalloc byte[MaxTokenBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!Encoding.UTF8.TryGetBytes(token, utf8, out var length)) length = 0;
        SHA256.HashData(utf8[..length], hash);
        var isFirst = CryptographicOperations.FixedTimeEquals(hash, source.First);
        var isSecond = CryptographicOperations.FixedTimeEquals(hash, source.Second);
        if (!((isFirst | isSecond) & length > 0)) return null;
        return source.Source.Tokens[isFirst ? 0 : 1];
    }

    /// <summary>
    /// The token in the URL, which is then taken out of the request: logs and spans that are written later do not have it. Several count as none.
    /// </summary>
    public static string? TakeFromQuery(HttpRequest request)
    {
        if (!request.QueryString.HasValue) return null;
        var token = request.Query[QueryParameter] is [{ } one] ? one : null;
        request.QueryString = QueryString.Empty;
        return token;
    }

    /// <summary>The URL for a sender that cannot set a header.</summary>
    public static Uri WithToken(Uri callbackUrl, string token) => new($"{callbackUrl.AbsoluteUri}?{QueryParameter}={Uri.EscapeDataString(token)}");

    /// <summary>Any header may hold the scheme before the token; <c>Authorization</c> must.</summary>
    private static ReadOnlySpan<char> Token(string header, bool isBearer)
    {
        var token = header.AsSpan().Trim();
        if (token.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return token[Bearer.Length..].Trim();
        return isBearer ? [] : token;
    }
}
