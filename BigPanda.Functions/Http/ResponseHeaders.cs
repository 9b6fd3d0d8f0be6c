using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>Headers of every response. They are set before the function runs, which may replace them.</summary>
internal static class ResponseHeaders
{
    public static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        // Text from webhooks is served as JSON: a browser must not take it for a page, nor load, run or frame anything that is in it.
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        // The function key and a monitor's token may be in the URL.
        headers["Referrer-Policy"] = "no-referrer";
        // Alerts, and tokens that are shown once, stay in no cache.
        headers.CacheControl = "no-store";
    }
}
