using BigPanda.Functions.Outbound;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.BigPanda.Api;

public sealed class BigPandaOptions
{
    public const string Section = "BigPanda";

    /// <summary>
    /// <c>on</c> (default): closes, comments and callbacks are sent to BigPanda. <c>shadow</c>: the timeline shows what would be sent, and nothing is.
    /// <c>off</c>: neither.
    /// </summary>
    public string Mode { get; set; } = "on";

    /// <summary><c>us</c> (default) or <c>eu</c>: the organisation's region, unless PUT /connection names another. The wrong one returns 404.</summary>
    public string Region { get; set; } = "us";

    /// <summary>Overrides the region's address. Must be https, or http to this machine.</summary>
    public string? ApiBaseUrl { get; set; }

    /// <summary>The environment to act in when a webhook names none. Default: none.</summary>
    public string? DefaultEnvironmentId { get; set; }

    /// <summary>Calls a second to BigPanda, for all instances. BigPanda allows 5: one is left for direct and late calls. Default 4; 0.1 to 5.</summary>
    public double CallsPerSecond { get; set; } = 4;

    /// <summary>Seconds to wait for a response. Default 15; 1 to 60.</summary>
    public int TimeoutSeconds { get; set; } = 15;

    internal string UsualApiBaseUrl => ApiBaseUrl is { Length: > 0 } url ? url.TrimEnd('/') : BigPandaApi.AddressOf(Region);
}

internal sealed class ApiBaseUrlValidator : IValidateOptions<BigPandaOptions>
{
    public ValidateOptionsResult Validate(string? name, BigPandaOptions options) =>
        options.ApiBaseUrl is { Length: > 0 } url && ApiAddress.Validate(url) is { } error
            ? ValidateOptionsResult.Fail($"The setting BigPanda__ApiBaseUrl {error}.")
            : ValidateOptionsResult.Success;
}
