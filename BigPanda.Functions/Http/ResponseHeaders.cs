using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>Headers of every response.</summary>
internal static class ResponseHeaders
{
    /// <summary>Keeps browsers from treating text from webhooks, served as JSON, as a page.</summary>
    public static void Set(HttpResponse response) => response.Headers.XContentTypeOptions = "nosniff";
}
