using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace BigPanda.Functions.Http;

/// <summary>Compression of a response. The worker cannot use ASP.NET Core's middleware for it: azure-functions-dotnet-worker issue 2390.</summary>
internal static class ContentCoding
{
    public const string Brotli = "br";
    public const string Gzip = "gzip";

    private static readonly string[] Preferred = [Brotli, Gzip];

    /// <returns>The best of the codings that the caller accepts; null for none.</returns>
    public static string? Choose(HttpRequest request)
    {
        // A list that cannot be read accepts nothing: the plain response is always right.
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted)) return null;
        return Preferred.FirstOrDefault(coding =>
            accepted.Any(value => value.Quality is null or > 0 && value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Caches must keep the codings apart.</summary>
    public static void Describe(HttpResponse response, string? coding)
    {
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (coding is not null) response.Headers.ContentEncoding = coding;
    }
}
