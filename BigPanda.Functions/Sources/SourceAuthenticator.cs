using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources;

/// <summary>
/// Says whether a request carries a token of the source it names. Tokens are compared as SHA-256 hashes in constant time, and an
/// unknown source costs the same as a wrong token, so that neither can be guessed at.
/// </summary>
public sealed class SourceAuthenticator(IOptions<SourceOptions> options)
{
    private const string Bearer = "Bearer ";

    /// <summary>Longer tokens than any we issue are wrong without a look.</summary>
    private const int MaxTokenChars = 512;

    private readonly SourceOptions _source = options.Value;
    private readonly byte[] _first = Convert.FromHexString(options.Value.TokenSha256);
    private readonly byte[] _second = Convert.FromHexString(string.IsNullOrEmpty(options.Value.SecondTokenSha256) ? options.Value.TokenSha256 : options.Value.SecondTokenSha256);

    internal bool IsAuthentic(string sourceId, IHeaderDictionary headers)
    {
        var token = Token(headers[_source.HeaderName].ToString());
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxTokenChars)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(token, utf8)], hash);
        var matches = CryptographicOperations.FixedTimeEquals(hash, _first) | CryptographicOperations.FixedTimeEquals(hash, _second);
        return matches & !token.IsEmpty & string.Equals(sourceId, _source.Id, StringComparison.Ordinal);
    }

    private ReadOnlySpan<char> Token(string header)
    {
        var token = header.AsSpan().Trim();
        if (_source.HeaderName.Equals("Authorization", StringComparison.OrdinalIgnoreCase)) token = token.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? token[Bearer.Length..].Trim() : [];
        return token.Length <= MaxTokenChars ? token : [];
    }
}
