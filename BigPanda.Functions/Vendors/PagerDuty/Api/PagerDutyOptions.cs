using BigPanda.Functions.Outbound;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

public sealed class PagerDutyOptions
{
    public const string Section = "PagerDuty";

    /// <summary>
    /// <c>off</c> (default): PagerDuty is neither read nor called. <c>shadow</c>: the timeline shows what would be sent, and nothing is. <c>on</c>: pages are
    /// opened, updated and resolved.
    /// </summary>
    public string Mode { get; set; } = "off";

    /// <summary><c>us</c> (default) or <c>eu</c>: the account's service region, unless PUT /pagerduty names another.</summary>
    public string Region { get; set; } = "us";

    /// <summary>Overrides the region's address of the Events API. Must be https, or http to this machine.</summary>
    public string? EventsBaseUrl { get; set; }

    /// <summary>Overrides the region's address of the REST API. Must be https, or http to this machine.</summary>
    public string? RestBaseUrl { get; set; }

    /// <summary>The header of a BigPanda webhook that names the tag with the routing key. Default <c>x-bp-config-pdfield</c>; must begin with x-bp-.</summary>
    public string KeyTagHeader { get; set; } = "x-bp-config-pdfield";

    /// <summary>The header that maps tags to PagerDuty's fields, <c>tag=field,…</c>. Default <c>x-bp-mapping-fields</c>; must begin with x-bp-.</summary>
    public string MappingHeader { get; set; } = "x-bp-mapping-fields";

    /// <summary>The beginning of headers that name the tag of one field: <c>x-bp-field-component: service</c>. Default <c>x-bp-field-</c>.</summary>
    public string FieldHeaderPrefix { get; set; } = "x-bp-field-";

    /// <summary>Events a minute for each routing key, for all instances. PagerDuty allows about 120, more on request. Default 120; 1 to 10000.</summary>
    public int EventsPerMinute { get; set; } = 120;

    /// <summary>REST calls a minute, for all instances. PagerDuty allows 960: some are left for direct calls. Default 900; 1 to 960.</summary>
    public int RestCallsPerMinute { get; set; } = 900;

    /// <summary>Seconds to wait for a response. Default 15; 1 to 60.</summary>
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>Seconds after an accepted trigger or resolve until the incident is looked for. Its search lags behind. Default 10; 1 to 3600.</summary>
    public int VerifyAfterSeconds { get; set; } = 10;

    internal TimeSpan VerifyAfter => TimeSpan.FromSeconds(VerifyAfterSeconds);
}

internal sealed class PagerDutyOptionsValidator : IValidateOptions<PagerDutyOptions>
{
    private const string OurHeaders = "x-bp-";

    public ValidateOptionsResult Validate(string? name, PagerDutyOptions options) =>
        FindError(options) is { } error ? ValidateOptionsResult.Fail($"The setting PagerDuty__{error}.") : ValidateOptionsResult.Success;

    private static string? FindError(PagerDutyOptions options)
    {
        if (options.Mode is not ("off" or "shadow" or "on")) return "Mode must be off, shadow or on";
        if (!PagerDutyApi.IsRegion(options.Region)) return "Region must be us or eu";
        if (options.EventsBaseUrl is { Length: > 0 } events && ApiAddress.Validate(events) is { } eventsError) return $"EventsBaseUrl {eventsError}";
        if (options.RestBaseUrl is { Length: > 0 } rest && ApiAddress.Validate(rest) is { } restError) return $"RestBaseUrl {restError}";
        if (!IsHeader(options.KeyTagHeader)) return $"KeyTagHeader must be the name of a header that begins with {OurHeaders}";
        if (!IsHeader(options.MappingHeader)) return $"MappingHeader must be the name of a header that begins with {OurHeaders}";
        if (!IsHeader(options.FieldHeaderPrefix)) return $"FieldHeaderPrefix must be the beginning of a header's name, from {OurHeaders} on";
        if (options.EventsPerMinute is < 1 or > 10_000) return "EventsPerMinute must be from 1 to 10000";
        if (options.RestCallsPerMinute is < 1 or > 960) return "RestCallsPerMinute must be from 1 to 960";
        if (options.TimeoutSeconds is < 1 or > 60) return "TimeoutSeconds must be from 1 to 60";
        return options.VerifyAfterSeconds is < 1 or > 3600 ? "VerifyAfterSeconds must be from 1 to 3600" : null;
    }

    /// <summary>A webhook's other headers are not kept.</summary>
    private static bool IsHeader(string? name) =>
        name is { Length: > 5 and <= 100 } && name.StartsWith(OurHeaders, StringComparison.OrdinalIgnoreCase)
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
