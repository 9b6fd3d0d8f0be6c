using System.Security.Cryptography;
using System.Text;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Webhook;

public sealed class PagerDutySignatureTests
{
    private const string First = "first-secret";
    private const string Second = "sécond secret";
    private const string Sample = "incident.annotated";
    private const string ByFirst = "v1=1455c13fee59673f3e6d027bd7c0829faa8e48c5d70db71a030090db3e104ee3";
    private const string BySecond = "v1=2069c3d5b7738828693325b6c91afc7e4617d87aae741442cfda0d8c44bb2e4f";

    /// <summary>Computed with openssl dgst -sha256 -hmac.</summary>
    [Theory]
    [InlineData("incident.annotated", First, "1455c13fee59673f3e6d027bd7c0829faa8e48c5d70db71a030090db3e104ee3")]
    [InlineData("incident.annotated", Second, "2069c3d5b7738828693325b6c91afc7e4617d87aae741442cfda0d8c44bb2e4f")]
    [InlineData("incident.resolved.eventsapi-by-user", First, "5682c5dcdc7400f8a65479eda3b77e4678df24870bc51156a7db1ce5eb3de210")]
    [InlineData("incident.resolved.eventsapi-by-user", Second, "ae53c1255c5591ae97aaabd2277a0b04883be8541078857e7abaed11aa1cd4e8")]
    [InlineData("incident.triggered.agent-null", First, "74828599564397d907dd685d50de6cd2cb3b3f820ca119653f217b687f69f60c")]
    [InlineData("incident.triggered.agent-null", Second, "bfc5d988c3237b8c14005b0eb53d12b9b112e926a46ac66ddc638da6ca8efcaf")]
    [InlineData("incident.triggered.eventsapi", First, "cba3ec0afa85702c0d98cb542559af827dcd55d18c66a4ad6671bec9493f0270")]
    [InlineData("incident.triggered.eventsapi", Second, "ffcae4fd217913c627be0097c113ae327514b69c6bce77b7228ed230c7a628f5")]
    public void A_signature_over_the_bytes_as_sent_is_valid(string sample, string secret, string hex)
    {
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(Samples.PagerDuty(sample), $"v1={hex}", [secret]));
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(Samples.PagerDuty(sample), $"v1={hex.ToUpperInvariant()}", [secret]));
        Assert.Equal(SignatureResult.Wrong, PagerDutySignature.Check([.. Samples.PagerDuty(sample), (byte)'\n'], $"v1={hex}", [secret]));
    }

    /// <summary>RFC 4231, test case 2.</summary>
    [Fact]
    public void The_published_vector_of_HMAC_SHA256_is_valid() => Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(
        "what do ya want for nothing?"u8, "v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", ["Jefe"]));

    [Theory]
    [InlineData(ByFirst + "," + BySecond, First)]
    [InlineData(BySecond + "," + ByFirst, First)]
    [InlineData(BySecond + ", " + ByFirst, First)]
    [InlineData(BySecond + " ,\t" + ByFirst, First)]
    [InlineData(ByFirst + "," + ByFirst, First)]
    public void One_of_several_signatures_is_enough(string header, string secret) =>
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(Samples.PagerDuty(Sample), header, [secret]));

    [Theory]
    [InlineData(ByFirst)]
    [InlineData(BySecond)]
    public void One_of_several_secrets_is_enough(string header)
    {
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(Samples.PagerDuty(Sample), header, [First, Second]));
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(Samples.PagerDuty(Sample), header, [Second, First]));
    }

    [Theory]
    [InlineData(ByFirst, Second)]
    [InlineData(ByFirst, "FIRST-SECRET")]
    [InlineData("v1=0000000000000000000000000000000000000000000000000000000000000000", First)]
    public void A_signature_of_another_secret_is_wrong(string header, string secret) =>
        Assert.Equal(SignatureResult.Wrong, PagerDutySignature.Check(Samples.PagerDuty(Sample), header, [secret]));

    [Fact]
    public void Without_a_secret_every_signature_is_wrong() =>
        Assert.Equal(SignatureResult.Wrong, PagerDutySignature.Check(Samples.PagerDuty(Sample), ByFirst, []));

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("1455c13fee59673f3e6d027bd7c0829faa8e48c5d70db71a030090db3e104ee3")]
    [InlineData("v2=1455c13fee59673f3e6d027bd7c0829faa8e48c5d70db71a030090db3e104ee3")]
    [InlineData("V1=1455c13fee59673f3e6d027bd7c0829faa8e48c5d70db71a030090db3e104ee3")]
    [InlineData("v1=")]
    [InlineData("v1=1455c13fee59673f3e6d027bd7c0829faa8e48c5d70db71a030090db3e104e")]
    [InlineData("v1=1455c13fee59673f3e6d027bd7c0829faa8e48c5d70db71a030090db3e104ee300")]
    [InlineData("v1=1455c13fee59673f3e6d027bd7c0829faa8e48c5d70db71a030090db3e104eeg")]
    [InlineData("v1=FFXB7ln1JnPz5tAnvXwIKfqo5IxdcNtxoDAJDbPhBO4")]
    [InlineData("v1=1455c13fee59673f3e6d027bd7c0829faa8e48c5d70db71a030090db3e104ee3é")]
    public void What_is_no_signature_of_the_known_version_is_left_out(string header)
    {
        Assert.False(PagerDutySignature.IsIn(header));
        Assert.Equal(SignatureResult.Missing, PagerDutySignature.Check(Samples.PagerDuty(Sample), header, [First]));
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(Samples.PagerDuty(Sample), $"{header},{ByFirst}", [First]));
        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(Samples.PagerDuty(Sample), $"{ByFirst},{header}", [First]));
    }

    [Fact]
    public void A_header_full_of_signatures_is_read_up_to_a_bound()
    {
        var body = Samples.PagerDuty(Sample);
        var wrong = string.Join(',', Enumerable.Range(0, 100).Select(n => "v1=" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{n}")))));

        Assert.Equal(SignatureResult.Valid, PagerDutySignature.Check(body, $"{ByFirst},{wrong}", [First]));
        Assert.Equal(SignatureResult.Wrong, PagerDutySignature.Check(body, $"{wrong},{ByFirst}", [First]));
    }
}
