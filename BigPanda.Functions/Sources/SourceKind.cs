using System.Text.Json.Serialization;

namespace BigPanda.Functions.Sources;

/// <summary>What a source sends. It decides the route that the source's tokens open, and so the callback URL.</summary>
[JsonConverter(typeof(SourceKindConverter))]
public enum SourceKind
{
    /// <summary>BigPanda's Notifications Webhook. Rows without a kind have this one.</summary>
    [JsonStringEnumMemberName("bigpanda")]
    BigPanda,

    /// <summary>A monitoring system, whose alerts are sent on to BigPanda.</summary>
    [JsonStringEnumMemberName("monitor")]
    Monitor,
}

internal sealed class SourceKindConverter() : JsonStringEnumConverter<SourceKind>(namingPolicy: null, allowIntegerValues: false);

internal static class SourceKinds
{
    /// <summary>The kinds as the API writes them, for a message that lists them.</summary>
    public const string All = "bigpanda or monitor";

    /// <returns>Null for an unknown kind.</returns>
    public static SourceKind? Find(string text) => text switch
    {
        "bigpanda" => SourceKind.BigPanda,
        "monitor" => SourceKind.Monitor,
        _ => null,
    };

    public static string Name(this SourceKind kind) => kind == SourceKind.Monitor ? "monitor" : "bigpanda";

    /// <summary>The path of the function that receives what the source sends.</summary>
    public static string CallbackPath(this SourceKind kind, string sourceId) => kind switch
    {
        SourceKind.BigPanda => $"/api/webhooks/bigpanda/{Uri.EscapeDataString(sourceId)}",
        SourceKind.Monitor => $"/api/monitors/{Uri.EscapeDataString(sourceId)}/alerts",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No route serves this kind."),
    };
}
