using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Functions.Sources;

/// <summary>A token at its making: the only time its value is known.</summary>
internal sealed class NewToken
{
    private const int Bytes = 32;
    private const int PrefixChars = 6;

    private NewToken(string value, DateTimeOffset at)
    {
        Value = value;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(value));
        // From the hash, so that the same token added again is the same one.
        Stored = new SourceToken(Convert.ToHexStringLower(hash.AsSpan(0, 4)), value[..PrefixChars], hash, at);
    }

    public string Value { get; }

    public SourceToken Stored { get; }

    public static NewToken Random(DateTimeOffset at) => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)), at);

    /// <summary>A token made elsewhere, such as the local host's.</summary>
    public static NewToken Of(string value, DateTimeOffset at) =>
        value.Length >= 4 * PrefixChars && Encoding.UTF8.GetByteCount(value) <= SourceAuthenticator.MaxTokenBytes
            ? new(value, at)
            : throw new ArgumentException($"A token has {4 * PrefixChars} to {SourceAuthenticator.MaxTokenBytes} characters.", nameof(value));
}
