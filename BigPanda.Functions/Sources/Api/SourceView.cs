using System.Text.Json.Serialization;
using BigPanda.Functions.Sources.Traffic;

namespace BigPanda.Functions.Sources.Api;

/// <summary>A source as the API shows it.</summary>
/// <param name="AppKey">Its last characters only.</param>
/// <param name="SilentAfterHours">The source's own, else the setting's.</param>
internal sealed record SourceView(
    string Id, string Name, Uri CallbackUrl, string AuthHeader, string? AppKey, string? TitleTemplate, int SilentAfterHours, bool OneTime, DateTime CreatedAt,
    IReadOnlyList<TokenView> Tokens, DateTime? LastDeliveryAt, DayView Last24Hours)
{
    public static SourceView Of(AlertSource source, SourceUsage usage, Uri callbackUrl, int silentAfterHours, DateTimeOffset now) => new(
        source.Id,
        source.Name,
        callbackUrl,
        source.HeaderName,
        source.AppKey is { } key ? $"…{(key.Length > 8 ? key[^4..] : "")}" : null,
        source.TitleTemplate,
        silentAfterHours,
        source.OneTime,
        source.CreatedAt.UtcDateTime,
        [.. source.Tokens.Select(token => TokenView.Of(token, usage))],
        usage.LastDeliveryAt?.UtcDateTime,
        new DayView(usage.Deliveries(now), usage.Rejections(now)));
}

internal sealed record TokenView(string Id, string Prefix, DateTime CreatedAt, DateTime? LastUsedAt)
{
    public static TokenView Of(SourceToken token, SourceUsage usage) => new(
        token.Id, token.Prefix, token.CreatedAt.UtcDateTime, usage.TokensLastUsedAt.TryGetValue(token.Id, out var at) ? at.UtcDateTime : null);
}

internal sealed record DayView(int Deliveries, int Rejections);

internal sealed record SourceListView(IReadOnlyList<SourceView> Items);

/// <param name="BearerToken">Shown this once.</param>
/// <param name="Header">The custom header as it is entered in BigPanda.</param>
internal sealed record NewSourceView(SourceView Source, string BearerToken, HeaderView Header)
{
    // A record's ToString prints its members; these must not reach a log.
    public override string ToString() => nameof(NewSourceView);
}

internal sealed record NewTokenView(string Id, string Prefix, DateTime CreatedAt, string BearerToken, HeaderView Header)
{
    public override string ToString() => nameof(NewTokenView);
}

internal sealed record HeaderView(string Name, string Value)
{
    public static HeaderView Of(string header, string token) =>
        new(header, header.Equals(AlertSource.UsualHeader, StringComparison.OrdinalIgnoreCase) ? $"Bearer {token}" : token);

    public override string ToString() => nameof(HeaderView);
}

[JsonSerializable(typeof(NewSource))]
[JsonSerializable(typeof(SourceChange))]
[JsonSerializable(typeof(SourceListView))]
[JsonSerializable(typeof(NewSourceView))]
[JsonSerializable(typeof(NewTokenView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class SourceJson : JsonSerializerContext;
