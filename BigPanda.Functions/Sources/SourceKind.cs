using System.Text.Json.Serialization;

namespace BigPanda.Functions.Sources;

/// <summary>What a source sends. It decides the route that the source's tokens open, and so the callback URL.</summary>
[JsonConverter(typeof(SourceKindConverter))]
public enum SourceKind
{
    /// <summary>BigPanda's Notifications Webhook. Rows without a kind have this one.</summary>
    [JsonStringEnumMemberName("bigpanda")]
    BigPanda,
}

internal sealed class SourceKindConverter() : JsonStringEnumConverter<SourceKind>(namingPolicy: null, allowIntegerValues: false);

internal static class SourceKinds
{
    /// <summary>The kinds as the API writes them, for a message that lists them.</summary>
    public const string All = "bigpanda";

    /// <returns>Null for an unknown kind.</returns>
    public static SourceKind? Find(string text) => text == "bigpanda" ? SourceKind.BigPanda : null;

    /// <summary>The path of a webhook function for all sources of the kind, up to the source's id.</summary>
    public static string WebhookPath(this SourceKind kind) => kind switch
    {
        SourceKind.BigPanda => "/api/webhooks/bigpanda/",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No route serves this kind."),
    };
}
