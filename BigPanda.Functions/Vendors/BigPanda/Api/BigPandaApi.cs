using System.Net.Http.Headers;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;

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

    public static void Authorize(HttpRequestHeaders headers, ApiCredential credential)
    {
        headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.ApiKey);
        headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public static bool IsRegion(string text) => Regions.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds the address that a request names by its region or, for another host, by itself.</summary>
    /// <returns>The address as the URL parser understands it, since it is logged and shown; or null, the invalid field and what is wrong with it.</returns>
    public static (string? Address, string? Field, string Error) FindAddress(string? region, string? apiBaseUrl, string usualApiBaseUrl)
    {
        if (region is not null && !IsRegion(region)) return (null, "region", "region must be us or eu.");
        if (region is not null && apiBaseUrl is not null)
            return (null, "apiBaseUrl", "region and apiBaseUrl exclude each other: send one of them.");
        if (apiBaseUrl is not null && ApiAddress.Validate(apiBaseUrl) is { } error) return (null, "apiBaseUrl", $"apiBaseUrl {error}.");
        var address = apiBaseUrl ?? (region is null ? usualApiBaseUrl : AddressOf(region));
        return (new Uri(address).AbsoluteUri.TrimEnd('/'), null, "");
    }

    /// <returns>The region with this address; null for a custom address.</returns>
    public static string? RegionOf(string url) =>
        Regions.FirstOrDefault(region => url.TrimEnd('/').Equals(AddressOf(region), StringComparison.OrdinalIgnoreCase));
}
