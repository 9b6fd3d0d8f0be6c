using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Tests.Alerts.Rules.Content;

public sealed class WebLinkTests
{
    [Theory]
    [InlineData("https://a.bigpanda.io/#/app/incidents/1", "https://a.bigpanda.io/#/app/incidents/1")]
    [InlineData(" HTTP://x.example/ ", "HTTP://x.example/")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("JaVaScRiPt:alert(1)", null)]
    [InlineData("java\nscript:alert(1)", null)]
    [InlineData("https://x.example/\u0001", null)]
    [InlineData("data:text/html,x", null)]
    [InlineData("vbscript:x", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("//x.example/", null)]
    [InlineData("/relative", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Only_web_addresses_are_links(string? text, string? link) => Assert.Equal(link, WebLink.Of(text));
}
