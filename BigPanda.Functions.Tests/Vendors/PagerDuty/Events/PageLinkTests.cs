using BigPanda.Functions.Vendors.PagerDuty.Events;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Events;

public sealed class PageLinkTests
{
    private const string PageId = "20261101100005-3";

    [Theory]
    [InlineData("https://a.bigpanda.io/incident/1", "https://a.bigpanda.io/incident/1#bigpanda:one:20261101100005-3")]
    [InlineData("https://url.bigpanda.io/x?y=1", "https://url.bigpanda.io/x?y=1#bigpanda:one:20261101100005-3")]
    [InlineData("https://a.bigpanda.io/#/app/overview/1", "https://a.bigpanda.io/?bigpanda=bigpanda:one:20261101100005-3#/app/overview/1")]
    [InlineData("https://a.bigpanda.io/?y=1#/app", "https://a.bigpanda.io/?y=1&bigpanda=bigpanda:one:20261101100005-3#/app")]
    [InlineData(null, "https://a.bigpanda.io/#bigpanda:one:20261101100005-3")]
    [InlineData("javascript:alert(1)", "https://a.bigpanda.io/#bigpanda:one:20261101100005-3")]
    public void The_page_is_in_the_address_and_the_address_stays(string? url, string link)
    {
        var key = DedupKey.Of("one", PageId);

        Assert.Equal(link, PageLink.Of(url, key));
        Assert.True(PageLink.TryRead(link, out var read));
        Assert.Equal(key, read);
    }

    [Fact]
    public void Any_incident_comes_back() => Assert.All(
        ["a b&c=d#e%:f", "é🔥\"<>", "half \uD83D pair"],
        incidentId =>
        {
            var key = DedupKey.Of(incidentId, PageId);

            Assert.True(PageLink.TryRead(PageLink.Of("https://a.bigpanda.io/1", key), out var read));
            Assert.Equal(key, read);
            Assert.True(PageLink.TryRead(PageLink.Of("https://a.bigpanda.io/#/1", key), out read));
            Assert.Equal(key, read);
        });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not an address")]
    [InlineData("https://app.example.io/health?alert_hash=14007879189170800275")]
    [InlineData("https://a.bigpanda.io/?bigpanda=1#/app")]
    [InlineData("https://a.bigpanda.io/#/app/incidents/20261101100005-3")]
    public void Another_sender_s_address_is_not_read(string? url) => Assert.False(PageLink.TryRead(url, out _));
}
