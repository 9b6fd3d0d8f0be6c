using System.Net;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Tests.Outbound;

public sealed class ApiAddressTests
{
    [Theory]
    [InlineData("https://api.bigpanda.io")]
    [InlineData("https://eu-api.bigpanda.io/")]
    [InlineData("https://proxy.example.com:8443/bigpanda")]
    [InlineData("https://10.1.2.3")]
    [InlineData("http://localhost:7072")]
    [InlineData("http://127.0.0.1:7072")]
    [InlineData("http://[::1]:7072")]
    [InlineData("https://localhost")]
    [InlineData("https://240.0.0.1")]
    public void An_address_that_can_be_BigPandas_is_taken(string url) => Assert.Null(ApiAddress.Validate(url));

    [Theory]
    [InlineData("api.bigpanda.io", "is not a URL")]
    [InlineData("", "is not a URL")]
    [InlineData("http://api.bigpanda.io", "must be https (http only to this machine)")]
    [InlineData("http://localhost.example.com", "must be https (http only to this machine)")]
    [InlineData("http://10.1.2.3", "must be https (http only to this machine)")]
    [InlineData("ftp://localhost", "must be https (http only to this machine)")]
    [InlineData("file:///etc/passwd", "must be https (http only to this machine)")]
    [InlineData("https://user:word@api.bigpanda.io", "must have no user name, query or fragment")]
    [InlineData("https://api.bigpanda.io?x=1", "must have no user name, query or fragment")]
    [InlineData("https://api.bigpanda.io#x", "must have no user name, query or fragment")]
    public void Any_other_is_refused_with_the_reason(string url, string error) => Assert.Equal(error, ApiAddress.Validate(url));

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.0.1")]
    [InlineData("2852039166")]
    [InlineData("0xA9FEA9FE")]
    [InlineData("0xa9.0xfe.0xa9.0xfe")]
    [InlineData("0251.0376.0251.0376")]
    [InlineData("169.254.43518")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("[::ffff:a9fe:a9fe]")]
    [InlineData("[::169.254.169.254]")]
    [InlineData("[64:ff9b::169.254.169.254]")]
    [InlineData("[2002:a9fe:a9fe::1]")]
    [InlineData("[fe80::1]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("[fd20:ce::254]")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("[::]")]
    [InlineData("metadata.google.internal")]
    [InlineData("METADATA.google.internal.")]
    public void No_form_of_a_metadata_address_is_taken(string host)
    {
        Assert.Equal("must not be a link-local or metadata address", ApiAddress.Validate($"https://{host}/"));
        Assert.NotNull(ApiAddress.Validate($"http://{host}/"));
    }

    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("52.1.2.3", false)]
    [InlineData("2600::1", false)]
    public void Where_a_name_leads_is_checked_again_when_it_is_called(string address, bool forbidden) =>
        Assert.Equal(forbidden, ApiAddress.IsForbidden(IPAddress.Parse(address)));
}
