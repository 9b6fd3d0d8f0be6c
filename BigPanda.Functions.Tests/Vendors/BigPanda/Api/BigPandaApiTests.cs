using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Api;

public sealed class BigPandaApiTests
{
    [Theory]
    [InlineData("https://api.bigpanda.io", "us")]
    [InlineData("https://EU-api.bigpanda.io/", "eu")]
    [InlineData("https://proxy.example.com", null)]
    public void The_address_determines_the_region(string url, string? region) => Assert.Equal(region, BigPandaApi.RegionOf(url));
}
