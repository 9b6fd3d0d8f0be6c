using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <summary>What is fixed about PagerDuty's two APIs. Source: support.pagerduty.com/docs/service-regions.</summary>
internal static class PagerDutyApi
{
    /// <summary>Of the REST API.</summary>
    public const string Key = "pagerduty";

    /// <summary>Of the Events API.</summary>
    public const string EventsKey = "pagerduty-events";

    /// <summary>Source: support.pagerduty.com/docs/services-and-integrations.</summary>
    public const int RoutingKeyLength = 32;

    private static readonly string[] Regions = ["us", "eu"];

    /// <summary>A 429 may come without the time to wait. Source: developer.pagerduty.com/docs/rest-api-rate-limits.</summary>
    public static CalledApi Rest { get; } = new(Key, "PagerDuty", "Notes and verifications are parked. Store a valid REST key with PUT /pagerduty")
    {
        UsualPause = TimeSpan.FromSeconds(10),
    };

    /// <summary>PagerDuty suggests 30 seconds. Source: developer.pagerduty.com/docs/events-api-v2-rate-limits.</summary>
    public static CalledApi Events { get; } = new(EventsKey, "PagerDuty", "Pages with the key are parked. Store a valid routing key with PUT /pagerduty")
    {
        UsualPause = TimeSpan.FromSeconds(30),
    };

    public static bool IsRegion(string? text) => Regions.Contains(text, StringComparer.OrdinalIgnoreCase);

    public static string EventsAddressOf(string region) => IsEu(region) ? "https://events.eu.pagerduty.com" : "https://events.pagerduty.com";

    public static string RestAddressOf(string region) => IsEu(region) ? "https://api.eu.pagerduty.com" : "https://api.pagerduty.com";

    /// <summary>Of a service's or orchestration's integration key. Whether PagerDuty knows it, only an event shows.</summary>
    public static bool IsRoutingKey(string text) => text.Length == RoutingKeyLength && text.All(char.IsAsciiLetterOrDigit);

    private static bool IsEu(string region) => region.Equals("eu", StringComparison.OrdinalIgnoreCase);
}
