using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.Functions.Monitors.Api;

/// <summary>The keys of all monitor sources by the source's id. One secret holds them, with the addresses that the keys are sent to.</summary>
public sealed record MonitorKeys
{
    public static MonitorKeys None { get; } = new() { Sources = new Dictionary<string, SourceKeys>() };

    public required IReadOnlyDictionary<string, SourceKeys> Sources { get; init; }

    internal static CredentialKind<MonitorKeys> Kind { get; } = new("monitor-keys", "BigPanda Alerts API", () => MonitorKeysJson.Default.MonitorKeys);

    /// <summary>Whether the secret can hold them: about a hundred sources.</summary>
    [JsonIgnore]
    public bool Fits => Kind.Fits(this);

    public SourceKeys? Find(string sourceId) => Sources.GetValueOrDefault(sourceId);

    /// <param name="keys">Null removes the source's.</param>
    public MonitorKeys With(string sourceId, SourceKeys? keys)
    {
        var sources = Sources.Where(source => source.Key != sourceId).ToDictionary(source => source.Key, source => source.Value);
        if (keys is not null) sources[sourceId] = keys;
        return new MonitorKeys { Sources = sources };
    }

    // A record prints its members; a key must not reach a log.
    public override string ToString() => nameof(MonitorKeys);
}

/// <param name="OrgToken">BigPanda's organisation token.</param>
/// <param name="AppKey">Of the integration in BigPanda that the source's alerts belong to.</param>
public sealed record SourceKeys(string OrgToken, string AppKey, string ApiBaseUrl)
{
    /// <summary>Differs for other keys and another address, and shows neither.</summary>
    [JsonIgnore]
    public string Id => Hash(OrgToken, AppKey, ApiBaseUrl);

    /// <summary>The key that BigPanda limits: sources with the same token and address share it.</summary>
    internal ApiCredential Credential => new(OrgToken, ApiBaseUrl) { ConnectionId = Hash(OrgToken, ApiBaseUrl) };

    public override string ToString() => nameof(SourceKeys);

    private static string Hash(params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..16];
}

[JsonSerializable(typeof(MonitorKeys))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class MonitorKeysJson : JsonSerializerContext;
