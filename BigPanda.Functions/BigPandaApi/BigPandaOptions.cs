using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>The BigPanda side of the bridge.</summary>
public sealed class BigPandaOptions
{
    public const string Section = "BigPanda";

    /// <summary><c>us</c> (default) or <c>eu</c>: where the organisation lives. The wrong one answers 404.</summary>
    [RegularExpression("^(us|eu)$", ErrorMessage = "The setting BigPanda__Region must be us or eu.")]
    public string Region { get; set; } = "us";

    /// <summary>Overrides the region's address. https, or http to this machine.</summary>
    public string? ApiBaseUrl { get; set; }

    /// <summary>The environment to act in when a webhook names none. Default: none.</summary>
    public string? DefaultEnvironmentId { get; set; }

    /// <summary>The API key of a BigPanda service account. In Azure a Key Vault reference. Without it closes wait, parked.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Calls a second to BigPanda, which allows 5 for a token: the fifth is for one that arrives late. Default 4; 0.1 to 5.</summary>
    public double CallsPerSecond { get; set; } = 4;

    /// <summary>Seconds to wait for an answer. Default 15; 1 to 60.</summary>
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>
    /// The API's address. BigPanda's regions page names another EU host, which does not resolve; this one is in use.
    /// </summary>
    internal Uri BaseAddress => new(ApiBaseUrl is { Length: > 0 } url ? url.TrimEnd('/') + "/" : Region == "eu" ? "https://eu-api.bigpanda.io/" : "https://api.bigpanda.io/");
}

[OptionsValidator]
internal sealed partial class BigPandaOptionsValidator : IValidateOptions<BigPandaOptions>;

/// <summary>The key must only ever travel encrypted, to a host that can be BigPanda.</summary>
internal sealed class ApiBaseUrlValidator : IValidateOptions<BigPandaOptions>
{
    public ValidateOptionsResult Validate(string? name, BigPandaOptions options)
    {
        if (string.IsNullOrEmpty(options.ApiBaseUrl)) return ValidateOptionsResult.Success;
        if (!Uri.TryCreate(options.ApiBaseUrl, UriKind.Absolute, out var url)) return Fail("is not a URL");
        if (url.UserInfo.Length > 0 || url.Query.Length > 0) return Fail("must have no user name and no query");
        if (url is { IsLoopback: true, Scheme: "http" or "https" }) return ValidateOptionsResult.Success;
        if (url.Scheme != Uri.UriSchemeHttps) return Fail("must be https (http only to this machine)");
        return IPAddress.TryParse(url.DnsSafeHost, out var address) && IsLinkLocal(address) ? Fail("must not be a link-local address") : ValidateOptionsResult.Success;
    }

    private static bool IsLinkLocal(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.IsIPv6LinkLocal || address.GetAddressBytes() is [169, 254, _, _];
    }

    private static ValidateOptionsResult Fail(string why) => ValidateOptionsResult.Fail($"The setting BigPanda__ApiBaseUrl {why}.");
}
