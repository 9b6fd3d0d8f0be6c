using System.Text.Json.Serialization;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Sources.Traffic;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources.Api;

/// <summary>A source as the API shows it.</summary>
/// <param name="AppKey">Its last characters only.</param>
/// <param name="SilentAfterHours">The source's own, else the setting's.</param>
/// <param name="Notices">What a monitor should do otherwise; null for the other kinds.</param>
/// <param name="Format">A monitor's, like the two that follow; null for the other kinds.</param>
internal sealed record SourceView(
    string Id, string Name, SourceKind Kind, Uri CallbackUrl, string AuthHeader, string? AppKey, string? TitleTemplate, int SilentAfterHours, bool OneTime,
    string? Format, bool? Flatten, int? OkAfterHours,
    DateTime CreatedAt, IReadOnlyList<TokenView> Tokens, DateTime? LastDeliveryAt, DayView Last24Hours, IReadOnlyList<string>? Notices)
{
    public static SourceView Of(AlertSource source, SourceUsage usage, Uri callbackUrl, int silentAfterHours, DateTimeOffset now) => new(
        source.Id,
        source.Name,
        source.Kind,
        callbackUrl,
        source.HeaderName,
        source.AppKey is { } key ? $"…{(key.Length > 8 ? key[^4..] : "")}" : null,
        source.TitleTemplate,
        silentAfterHours,
        source.OneTime,
        source.Format,
        source.Kind == SourceKind.Monitor ? source.Flatten : null,
        source.Kind == SourceKind.Monitor ? source.OkAfterHours ?? AlertSource.UsualOkAfterHours : null,
        source.CreatedAt.UtcDateTime,
        [.. source.Tokens.Select(token => TokenView.Of(token, usage))],
        usage.LastDeliveryAt?.UtcDateTime,
        new DayView(usage.Deliveries(now), usage.Rejections(now)),
        source.Kind == SourceKind.Monitor ? [.. AlertPractice.Find(source.Id, usage, now).Select(found => found.Text)] : null);
}

internal sealed record TokenView(string Id, string Prefix, DateTime CreatedAt, DateTime? LastUsedAt)
{
    public static TokenView Of(SourceToken token, SourceUsage usage) => new(
        token.Id, token.Prefix, token.CreatedAt.UtcDateTime, usage.TokensLastUsedAt.TryGetValue(token.Id, out var at) ? at.UtcDateTime : null);
}

internal sealed record DayView(int Deliveries, int Rejections);

internal sealed record SourceListView(IReadOnlyList<SourceView> Items);

/// <param name="BearerToken">Shown this once.</param>
/// <param name="Header">The custom header as it is entered in BigPanda or the monitoring system.</param>
/// <param name="TokenUrl">The callback URL with the token, for monitoring systems that cannot set a header; null for the other kinds.</param>
internal sealed record NewSourceView(SourceView Source, string BearerToken, HeaderView Header, Uri? TokenUrl)
{
    public static NewSourceView Of(SourceView source, string token) => new(
        source, token, HeaderView.Of(source.AuthHeader, token),
        source.Kind == SourceKind.Monitor ? SourceAuthenticator.WithToken(source.CallbackUrl, token) : null);

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

/// <summary>Combines the stored sources with what this instance has counted since it last saved.</summary>
public sealed class SourceReader(
    SourceStore store, SourceUsageStore usages, SourceCatalog catalog, IOptions<SourceOptions> options, TimeProvider time)
{
    internal async Task<IReadOnlyList<SourceView>> ListAsync(Uri address, CancellationToken cancellationToken)
    {
        var sources = await store.ListAsync(cancellationToken);
        var saved = await usages.ListAsync(cancellationToken);
        return [.. sources.OrderBy(source => source.CreatedAt).Select(source => View(source, saved.GetValueOrDefault(source.Id, SourceUsage.None), address))];
    }

    internal async Task<SourceView> ReadAsync(AlertSource source, Uri address, CancellationToken cancellationToken) =>
        View(source, await usages.GetAsync(source.Id, cancellationToken), address);

    /// <param name="saved">The usage that all instances have saved.</param>
    /// <param name="address">The base of callback URLs.</param>
    internal SourceView View(AlertSource source, SourceUsage saved, Uri address)
    {
        var now = time.GetUtcNow();
        var entry = catalog.Find(source.Id);
        var usage = entry.Source.Id == source.Id ? saved.With(entry.Traffic.Peek(), now) : saved;
        return SourceView.Of(source, usage, CallbackUrl(address, source), options.Value.SilentAfterHoursOf(source), now);
    }

    /// <returns>
    /// The base of callback URLs; null without the setting when the request's Host header is missing or malformed (HTTP/1.0, a port of 99999).
    /// </returns>
    internal Uri? FindAddress(HttpRequest request) => options.Value.PublicAddress ?? OfHost(request);

    private static Uri CallbackUrl(Uri address, AlertSource source) =>
        new(address.AbsoluteUri.TrimEnd('/') + source.Kind.CallbackPath(source.Id));

    private static Uri? OfHost(HttpRequest request) =>
        request.Host.HasValue && Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var url) && IsBare(url) ? url : null;

    private static bool IsBare(Uri url) =>
        url.Scheme is "http" or "https" && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.PathAndQuery == "/" && url.Fragment.Length == 0;
}

[JsonSerializable(typeof(NewSource))]
[JsonSerializable(typeof(SourceChange))]
[JsonSerializable(typeof(SourceListView))]
[JsonSerializable(typeof(NewSourceView))]
[JsonSerializable(typeof(NewTokenView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class SourceJson : JsonSerializerContext;
