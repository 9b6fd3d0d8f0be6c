using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources;

/// <summary>The address under which BigPanda reaches the bridge.</summary>
public sealed class PublicAddress(IOptions<SourceOptions> options)
{
    private const string WebhookPath = "/api/webhooks/bigpanda/";

    internal Uri CallbackUrl(string sourceId, HttpRequest request)
    {
        var address = options.Value.PublicAddress ?? new Uri($"{request.Scheme}://{request.Host}");
        return new Uri(address.AbsoluteUri.TrimEnd('/') + WebhookPath + Uri.EscapeDataString(sourceId));
    }
}
