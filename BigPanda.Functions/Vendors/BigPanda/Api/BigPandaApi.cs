using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Vendors.BigPanda.Api;

/// <summary>What is fixed about BigPanda's API.</summary>
internal static class BigPandaApi
{
    public const string Key = "bigpanda";

    private static readonly string[] Regions = ["us", "eu"];

    public static CalledApi Called { get; } = new(Key, "BigPanda", "Closes and comments are parked. Store a valid key with PUT /connection");

    /// <summary>BigPanda's regions page names another EU host, which does not resolve; this one is in use.</summary>
    public static string AddressOf(string region) =>
        region.Equals("eu", StringComparison.OrdinalIgnoreCase) ? "https://eu-api.bigpanda.io" : "https://api.bigpanda.io";

    public static bool IsRegion(string text) => Regions.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <returns>The region with this address; null for a custom address.</returns>
    public static string? RegionOf(string url) =>
        Regions.FirstOrDefault(region => url.TrimEnd('/').Equals(AddressOf(region), StringComparison.OrdinalIgnoreCase));
}
