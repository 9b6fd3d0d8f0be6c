using BigPanda.Functions.Sources.Api;

namespace BigPanda.Functions.Tests.Sources.Api;

public sealed class NewSourceTests
{
    [Theory]
    [InlineData(null, null, null, "name")]
    [InlineData("  ", null, null, "name")]
    [InlineData("a\nb", null, null, "name")]
    [InlineData("a", "a b", null, "appKey")]
    [InlineData("a", "key\n", null, null)]
    [InlineData("a", "ke\ny", null, "appKey")]
    [InlineData("a", null, "X-Token", null)]
    [InlineData("a", "0a1b-2c.d:e_f", "Authorization", null)]
    public void A_field_that_is_wrong_is_named(string? name, string? appKey, string? header, string? field) =>
        Assert.Equal(field, new NewSource(name, appKey, null, header).Trimmed().Validate()?.Field);

    [Theory]
    [InlineData("X Token")]
    [InlineData("X-Token:")]
    [InlineData("Jeton-été")]
    [InlineData("content-type")]
    [InlineData("Host")]
    [InlineData("User-Agent")]
    [InlineData("traceparent")]
    [InlineData("X-Forwarded-For")]
    [InlineData("x-forwarded-host")]
    [InlineData("Forwarded")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Authorization")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("X-Real-IP")]
    [InlineData("X-MS-CLIENT-PRINCIPAL")]
    [InlineData("X-ARR-SSL")]
    [InlineData("X-Azure-Ref")]
    [InlineData("Via")]
    [InlineData("Accept-Encoding")]
    [InlineData("Origin")]
    [InlineData("x-bp-config-pdfield")]
    [InlineData("x-functions-key")]
    public void A_header_that_something_on_the_way_sets_or_removes_cannot_hold_the_token(string header) =>
        Assert.Equal("authHeader", new NewSource("a", AuthHeader: header).ValidateHeader()?.Field);

    [Theory]
    [InlineData(null)]
    [InlineData("Authorization")]
    [InlineData("X-BigPanda-Token")]
    [InlineData("X-Api-Key")]
    public void Any_other_header_can(string? header) => Assert.Null(new NewSource("a", AuthHeader: header).ValidateHeader());

    [Theory]
    [InlineData(0, "silentAfterHours")]
    [InlineData(1, null)]
    [InlineData(720, null)]
    [InlineData(721, "silentAfterHours")]
    [InlineData(null, null)]
    public void A_silence_interval_is_an_hour_to_a_month(int? hours, string? field) =>
        Assert.Equal(field, new NewSource("a", SilentAfterHours: hours).Trimmed().Validate()?.Field);

    [Theory]
    [InlineData("azureMonitor", 24, null)]
    [InlineData("bigpanda", 0, null)]
    [InlineData("ALERTMANAGER", 720, null)]
    [InlineData("grafana", null, null)]
    [InlineData(null, 24, "format")]
    [InlineData("nagios", 24, "format")]
    [InlineData("grafana", -1, "okAfterHours")]
    [InlineData("grafana", 721, "okAfterHours")]
    public void A_monitor_has_a_format_and_may_have_a_time_for_its_ok(string? format, int? hours, string? field) =>
        Assert.Equal(field, new NewSource("a", Kind: "monitor", Format: format, OkAfterHours: hours).Trimmed().Validate()?.Field);

    [Fact]
    public void A_member_of_another_kind_is_refused_by_name()
    {
        var webhook = new NewSource("a");
        var monitor = new NewSource("a", Kind: "monitor", Format: "bigpanda");

        Assert.Equal(
            ["format", "flatten", "okAfterHours"],
            new[] { webhook with { Format = "bigpanda" }, webhook with { Flatten = true }, webhook with { OkAfterHours = 0 } }
                .Select(one => one.Validate()?.Field));
        Assert.Equal(
            ["appKey", "titleTemplate", "oneTime"],
            new[] { monitor with { AppKey = "key" }, monitor with { TitleTemplate = "{primary}" }, monitor with { OneTime = true } }
                .Select(one => one.Validate()?.Field));
    }

    [Fact]
    public void A_name_has_100_characters_at_most() => Assert.Equal("name", new NewSource(new string('x', 101)).Validate()?.Field);
}
