using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources;

/// <summary>The address under which BigPanda reaches the bridge.</summary>
public sealed class PublicAddress(IOptions<PublicAddressOptions> options)
{
    private const string WebhookPath = "/api/webhooks/bigpanda/";

    internal Uri CallbackUrl(string sourceId, HttpRequest request)
    {
        var address = options.Value.Address ?? new Uri($"{request.Scheme}://{request.Host}");
        return new Uri(address.AbsoluteUri.TrimEnd('/') + WebhookPath + Uri.EscapeDataString(sourceId));
    }
}

public sealed class PublicAddressOptions
{
    public const string Setting = "PublicBaseUrl";

    /// <summary>Set by Azure: the app's own host name.</summary>
    internal const string AzureSetting = "WEBSITE_HOSTNAME";

    /// <summary>Such as <c>https://alerts.example.com</c>. Default: the app's own address in Azure, else wherever the request was sent to.</summary>
    public string? PublicBaseUrl { get; set; }

    internal string? AzureHost { get; set; }

    internal bool IsValid =>
        string.IsNullOrEmpty(PublicBaseUrl) || (Uri.TryCreate(PublicBaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0);

    /// <summary>The Functions tools set the host name, too, on a developer's machine.</summary>
    internal Uri? Address => PublicBaseUrl is { Length: > 0 } url ? new Uri(url)
        : AzureHost is { Length: > 0 } host && !host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) ? new Uri($"https://{host}")
        : null;
}
