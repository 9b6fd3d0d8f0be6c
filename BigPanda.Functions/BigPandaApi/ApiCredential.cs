using System.Text.Json.Serialization;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>
/// A BigPanda API key and the address it was accepted at. They are stored as one secret, so that no reader can ever see a key
/// with another one's address and send it there.
/// </summary>
public sealed record ApiCredential(string ApiKey, string ApiBaseUrl, string? DefaultEnvironmentId)
{
    internal Uri BaseAddress => new(ApiBaseUrl.TrimEnd('/') + "/");

    // A record prints its members; the key must not reach a log.
    public override string ToString() => nameof(ApiCredential);
}

[JsonSerializable(typeof(ApiCredential))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ApiCredentialJson : JsonSerializerContext;
