using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BigPanda.Functions.Console.Api;

/// <summary>
/// Whether a request comes from the console's page. The platform's session cookie comes with requests of every site (it is SameSite=None), and
/// the platform refuses only some of them: https://learn.microsoft.com/azure/app-service/overview-authentication-authorization.
/// </summary>
internal static class PageRequest
{
    /// <summary>A form cannot send it, and another site's script would have to ask first, which this app never allows.</summary>
    public const string Header = "X-Console";

    private const string FetchSite = "Sec-Fetch-Site";

    /// <returns>Why it does not come from the page; null when it does.</returns>
    public static string? FindError(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers[Header] != "1") return $"The header {Header}: 1 is missing.";
        var (site, origin) = (headers[FetchSite], headers.Origin);
        if (site.Count > 0) return site == "same-origin" ? null : "The request comes from another site.";
        if (origin.Count > 0) return IsOwn(origin, request.Host) ? null : "The request comes from another site.";
        // A browser sends neither only with a request that it reads from the same origin.
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? null : $"The header {FetchSite} or Origin is missing.";
    }

    public static bool HasOtherBody(HttpRequest request) =>
        (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0) && !request.HasJsonContentType();

    private static bool IsOwn(StringValues origin, HostString host) =>
        origin is [{ } only] && Uri.TryCreate(only, UriKind.Absolute, out var url) && url.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
