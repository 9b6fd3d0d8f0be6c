using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BigPanda.Functions.Sources.Gate;

namespace BigPanda.Functions.Sources.Api;

/// <summary>A new token with its value, which is not stored.</summary>
internal sealed class NewToken
{
    private const int Bytes = 32;
    private const int PrefixChars = 6;

    private NewToken(string value, DateTimeOffset at)
    {
        Value = value;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(value));
        // The id comes from the hash, so that adding the same token again changes nothing.
        Stored = new SourceToken(Convert.ToHexStringLower(hash.AsSpan(0, 4)), value[..PrefixChars], hash, at);
    }

    public string Value { get; }

    public SourceToken Stored { get; }

    public static NewToken Random(DateTimeOffset at) => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)), at);

    /// <summary>For a token created elsewhere, such as the local host's.</summary>
    public static NewToken Of(string value, DateTimeOffset at) =>
        value.Length >= 4 * PrefixChars && Encoding.UTF8.GetByteCount(value) <= SourceAuthenticator.MaxTokenBytes
            ? new(value, at)
            : throw new ArgumentException($"A token must have {4 * PrefixChars} to {SourceAuthenticator.MaxTokenBytes} characters.", nameof(value));
}
