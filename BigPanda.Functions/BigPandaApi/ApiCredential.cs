using System.Text.Json.Serialization;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>
/// A BigPanda API key and the address it was accepted at. They are stored as one secret, so that no reader can ever see a key
/// with another one's address and send it there.
/// </summary>
public sealed record ApiCredential(string ApiKey, string ApiBaseUrl, string? DefaultEnvironmentId)
{
    /// <summary>Names this connecting of a key; what is known of it elsewhere goes by this name, and so cannot be taken for another's.</summary>
    public string ConnectionId { get; init; } = "";

    internal Uri BaseAddress => new(ApiBaseUrl.TrimEnd('/') + "/");

    // A record prints its members; the key must not reach a log.
    public override string ToString() => nameof(ApiCredential);
}

/// <summary>Whether a key is stored, and which, cannot be told now: an outage, which uses up no attempt of an action.</summary>
public sealed class CredentialUnreadableException(string message) : IOException(message);

[JsonSerializable(typeof(ApiCredential))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class ApiCredentialJson : JsonSerializerContext;
