using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.Functions.Sources;

/// <summary>
/// A source as its row holds it. Read by hand: the generated reader would have some 200 generic methods compiled while the first webhook after a start
/// waits.
/// </summary>
internal static class StoredSource
{
    public static string Write(AlertSource source) => JsonSerializer.Serialize(source, StoredSourceJson.Default.AlertSource);

    /// <returns>Null when this version cannot read it.</returns>
    public static AlertSource? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static AlertSource? Read(JsonElement source)
    {
        if (TextOf(source, nameof(AlertSource.Id)) is not { } id) return null;
        // Rows without a kind are of the time when there was one.
        if (SourceKinds.Find(TextOf(source, nameof(AlertSource.Kind)) ?? "bigpanda") is not { } kind) return null;
        return new AlertSource
        {
            Id = id,
            Name = TextOf(source, nameof(AlertSource.Name)) ?? "",
            Kind = kind,
            HeaderName = TextOf(source, nameof(AlertSource.HeaderName)) ?? AlertSource.UsualHeader,
            AppKey = TextOf(source, nameof(AlertSource.AppKey)),
            TitleTemplate = TextOf(source, nameof(AlertSource.TitleTemplate)),
            SilentAfterHours = Find(source, nameof(AlertSource.SilentAfterHours))?.GetInt32(),
            OneTime = Find(source, nameof(AlertSource.OneTime))?.GetBoolean() ?? false,
            Format = TextOf(source, nameof(AlertSource.Format)),
            Flatten = Find(source, nameof(AlertSource.Flatten))?.GetBoolean() ?? false,
            OkAfterHours = Find(source, nameof(AlertSource.OkAfterHours))?.GetInt32(),
            CreatedAt = source.GetProperty(nameof(AlertSource.CreatedAt)).GetDateTimeOffset(),
            Tokens = [.. source.GetProperty(nameof(AlertSource.Tokens)).EnumerateArray().Select(ReadToken)],
        };
    }

    private static SourceToken ReadToken(JsonElement token) => new(
        TextOf(token, nameof(SourceToken.Id)) ?? "", TextOf(token, nameof(SourceToken.Prefix)) ?? "",
        token.GetProperty(nameof(SourceToken.Sha256)).GetBytesFromBase64(), token.GetProperty(nameof(SourceToken.CreatedAt)).GetDateTimeOffset());

    private static string? TextOf(JsonElement element, string name) => Find(element, name)?.GetString();

    private static JsonElement? Find(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

[JsonSerializable(typeof(AlertSource))]
internal sealed partial class StoredSourceJson : JsonSerializerContext;
