using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources;

/// <summary>The base URL at which BigPanda reaches the bridge.</summary>
public sealed class PublicAddress(IOptions<SourceOptions> options)
{
    private const string WebhookPath = "/api/webhooks/bigpanda/";

    internal const string Missing =
        "The callback URL is unknown: the request has no valid Host header. Send one, or set Sources__PublicBaseUrl.";

    /// <returns>
    /// The base of callback URLs; null without the setting when the request's Host header is missing or malformed (HTTP/1.0, a port of 99999).
    /// </returns>
    internal Uri? Of(HttpRequest request) => options.Value.PublicAddress ?? OfHost(request);

    internal static Uri CallbackUrl(Uri address, string sourceId) => new(address.AbsoluteUri.TrimEnd('/') + WebhookPath + Uri.EscapeDataString(sourceId));

    private static Uri? OfHost(HttpRequest request) =>
        request.Host.HasValue && Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var url) && IsBare(url) ? url : null;

    private static bool IsBare(Uri url) =>
        url.Scheme is "http" or "https" && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.PathAndQuery == "/" && url.Fragment.Length == 0;
}
