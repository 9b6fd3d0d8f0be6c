using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>The key that a call is made with, and the address that it is sent to.</summary>
public record ApiCredential(string ApiKey, string ApiBaseUrl)
{
    /// <summary>New each time a key is connected; its facts and call history are stored under it.</summary>
    public string ConnectionId { get; init; } = "";

    private const int SuffixChars = 4;

    /// <summary>Four characters of a shorter key would reveal too much.</summary>
    private const int ShortKey = 16;

    /// <summary>By which people recognise a key.</summary>
    /// <returns>Its last four characters; null for a short key.</returns>
    internal static string? SuffixOf(string? key) => key is null or { Length: < ShortKey } ? null : key[^SuffixChars..];

    internal Uri BaseAddress => new(ApiBaseUrl.TrimEnd('/') + "/");

    // A record prints its members; the key must not reach a log.
    public sealed override string ToString() => GetType().Name;
}

/// <summary>
/// A vendor's keys, stored as one secret together with the addresses that accepted them, so that a key is never read with another key's address and
/// sent there.
/// </summary>
/// <typeparam name="T">The vendor's own shape of it.</typeparam>
/// <param name="Vendor">For people.</param>
/// <param name="Json">Asked for when a credential is first read or written, since building it would lengthen the start.</param>
public sealed record CredentialKind<T>(string SecretName, string Vendor, Func<JsonTypeInfo<T>> Json)
    where T : class
{
    /// <summary>Key Vault's limit for a secret.</summary>
    private const int MaxBytes = 25 * 1024;

    public string Write(T credential) => JsonSerializer.Serialize(credential, Json());

    /// <summary>Whether the credential can be stored.</summary>
    public bool Fits(T credential) => Encoding.UTF8.GetByteCount(Write(credential)) <= MaxBytes;

    /// <exception cref="JsonException">The text is not such a credential. The message may quote it.</exception>
    public T Read(string text) => JsonSerializer.Deserialize(text, Json()) ?? throw new JsonException("null");
}

/// <summary>The stored credential cannot be read: an outage, which uses up no attempt of an action.</summary>
public sealed class CredentialUnreadableException(string message) : IOException(message);
