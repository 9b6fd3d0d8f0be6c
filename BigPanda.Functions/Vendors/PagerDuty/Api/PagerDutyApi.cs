using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <summary>What is fixed about PagerDuty's APIs. Source: support.pagerduty.com/docs/service-regions.</summary>
internal static class PagerDutyApi
{
    public const string Key = "pagerduty";

    private static readonly string[] Regions = ["us", "eu"];

    public static bool IsRegion(string? text) => Regions.Contains(text, StringComparer.OrdinalIgnoreCase);

    public static string EventsAddressOf(string region) => IsEu(region) ? "https://events.eu.pagerduty.com" : "https://events.pagerduty.com";

    public static string RestAddressOf(string region) => IsEu(region) ? "https://api.eu.pagerduty.com" : "https://api.pagerduty.com";

    private static bool IsEu(string region) => region.Equals("eu", StringComparison.OrdinalIgnoreCase);
}
