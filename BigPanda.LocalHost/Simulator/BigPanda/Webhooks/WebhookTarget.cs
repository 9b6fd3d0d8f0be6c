using System.Net.Http.Headers;

namespace BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

/// <summary>Where webhooks are sent. BigPanda's only authentication is this header, as the customer typed it.</summary>
internal sealed record WebhookTarget(Uri Url, string? HeaderName, string? HeaderValue)
{
    public HttpRequestMessage Request(ReadOnlyMemory<byte> body, string contentType)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.TryParse(contentType, out var type) ? type : new("application/json");
        if (HeaderName is not null)
            request.Headers.TryAddWithoutValidation(HeaderName, HeaderValue);
        return request;
    }
}
