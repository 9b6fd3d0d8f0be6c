using System.Text.Json.Serialization;

namespace BigPanda.Functions.Outbound.Credentials;

/// <summary>
/// An API key and the address that accepted it. They are stored as one secret, so that a key is never read with another key's address
/// and sent there.
/// </summary>
public sealed record ApiCredential(string ApiKey, string ApiBaseUrl, string? DefaultEnvironmentId)
{
    /// <summary>New each time a key is connected; its facts and call history are stored under it.</summary>
    public string ConnectionId { get; init; } = "";

    internal Uri BaseAddress => new(ApiBaseUrl.TrimEnd('/') + "/");

    // A record prints its members; the key must not reach a log.
    public override string ToString() => nameof(ApiCredential);
}

/// <summary>The stored key cannot be read: an outage, which uses up no attempt of an action.</summary>
public sealed class CredentialUnreadableException(string message) : IOException(message);

[JsonSerializable(typeof(ApiCredential))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class ApiCredentialJson : JsonSerializerContext;
