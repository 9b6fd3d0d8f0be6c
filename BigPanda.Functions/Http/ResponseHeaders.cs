using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Http;

/// <summary>What every answer says to browsers, whichever function makes it.</summary>
internal static class ResponseHeaders
{
    /// <summary>Text from webhooks is served as JSON, and must not be taken for a page.</summary>
    public static void Set(HttpResponse response) => response.Headers.XContentTypeOptions = "nosniff";
}
