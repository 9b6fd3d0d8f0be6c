using System.Text.Json.Serialization;
using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.Functions.Vendors.BigPanda.Api;

/// <summary>The API key, its address, and the environment to act in when a webhook names none.</summary>
public sealed record BigPandaCredential(string ApiKey, string ApiBaseUrl, string? DefaultEnvironmentId) : ApiCredential(ApiKey, ApiBaseUrl)
{
    internal static CredentialKind<BigPandaCredential> Kind { get; } =
        new("bigpanda-connection", BigPandaApi.Called.Name, () => BigPandaCredentialJson.Default.BigPandaCredential);
}

[JsonSerializable(typeof(BigPandaCredential))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class BigPandaCredentialJson : JsonSerializerContext;
