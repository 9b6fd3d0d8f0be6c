using Microsoft.Extensions.Options;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>The BigPanda side of the bridge.</summary>
public sealed class BigPandaOptions
{
    public const string Section = "BigPanda";

    /// <summary><c>us</c> (default) or <c>eu</c>: where the organisation lives, unless connecting a key says otherwise. The wrong one answers 404.</summary>
    public string Region { get; set; } = "us";

    /// <summary>Overrides the region's address. https, or http to this machine.</summary>
    public string? ApiBaseUrl { get; set; }

    /// <summary>The environment to act in when a webhook names none. Default: none.</summary>
    public string? DefaultEnvironmentId { get; set; }

    /// <summary>Calls a second to BigPanda, which allows 5 for a token: the fifth is for one that arrives late. Default 4; 0.1 to 5.</summary>
    public double CallsPerSecond { get; set; } = 4;

    /// <summary>Seconds to wait for an answer. Default 15; 1 to 60.</summary>
    public int TimeoutSeconds { get; set; } = 15;

    internal string UsualApiBaseUrl => ApiBaseUrl is { Length: > 0 } url ? url.TrimEnd('/') : BigPandaApi.ApiBaseUrl.Of(Region);
}

/// <summary>The key must only ever travel encrypted, to a host that can be BigPanda.</summary>
internal sealed class ApiBaseUrlValidator : IValidateOptions<BigPandaOptions>
{
    public ValidateOptionsResult Validate(string? name, BigPandaOptions options) =>
        options.ApiBaseUrl is { Length: > 0 } url && ApiBaseUrl.Validate(url) is { } error
            ? ValidateOptionsResult.Fail($"The setting BigPanda__ApiBaseUrl {error}.")
            : ValidateOptionsResult.Success;
}
