using System.Text.Json;
using BigPanda.Functions.Monitors.Formats;
using BigPanda.Functions.Sources;
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

    private static readonly Dictionary<string, NewSource> Invalid = new()
    {
        ["name must not be empty."] = new(null),
        ["name must have at most 100 characters, on one line."] = new(new string('a', 101)),
        ["silentAfterHours must be from 1 to 720."] = new("a", SilentAfterHours: 0),
        ["format is of a monitor: leave it out, or send the kind monitor."] = new("a", Format: "grafana"),
        ["flatten is of a monitor: leave it out, or send the kind monitor."] = new("a", Flatten: true, Kind: "bigpanda"),
        ["okAfterHours is of a monitor: leave it out, or send the kind monitor."] = new("a", OkAfterHours: 1),
        [$"appKey must be the integration's app key: {AlertSource.AppKeyRule}"] = new("a", AppKey: "a b"),
        ["appKey is of a BigPanda webhook: store a monitor's with PUT /monitors/{sourceId}/connection."] = new("a", AppKey: "key", Kind: "monitor"),
        ["titleTemplate is of a BigPanda webhook: a monitor's alerts have no title here."] = new("a", TitleTemplate: "a", Kind: "monitor"),
        ["oneTime is of a BigPanda webhook: leave it out."] = new("a", OneTime: true, Kind: "monitor"),
        [$"format must be one of {MonitorFormat.Names}."] = new("a", Format: "nagios", Kind: "monitor"),
        ["okAfterHours must be from 1 to 720, or 0 for never."] = new("a", Format: "grafana", OkAfterHours: 721, Kind: "monitor"),
    };

    public static TheoryData<string> InvalidDetails => [.. Invalid.Keys];

    [Theory]
    [MemberData(nameof(InvalidDetails))]
    public void What_is_wrong_is_said(string detail) => Assert.Equal(detail, Invalid[detail].Validate()?.Detail);

    [Fact]
    public void A_template_that_is_none_is_quoted_with_the_place()
    {
        var error = new NewSource("a", TitleTemplate: "{unknown").Validate();

        Assert.Equal("titleTemplate", error?.Field);
        Assert.StartsWith($"titleTemplate, character {error?.Position}: ", error?.Detail, StringComparison.Ordinal);
        Assert.Null(new NewSource(new string('a', 100), TitleTemplate: "{incidentId}").Validate());
    }

    [Fact]
    public void A_header_that_cannot_carry_a_token_is_refused_with_the_reason()
    {
        Assert.Equal(
            "authHeader must be a header name of at most 64 letters, digits and hyphens.", new NewSource("a", AuthHeader: "X Token").ValidateHeader()?.Detail);
        Assert.Equal(
            "authHeader must not be Host: HTTP, proxies or tracing libraries set or remove it. Choose a name such as X-BigPanda-Token.",
            new NewSource("a", AuthHeader: "Host").ValidateHeader()?.Detail);
    }

    [Fact]
    public void A_kind_and_a_format_are_found_by_their_names()
    {
        Assert.Equal(SourceKind.BigPanda, new NewSource("a").FindKind());
        Assert.Equal(SourceKind.Monitor, new NewSource("a", Kind: "monitor").FindKind());
        Assert.Null(new NewSource("a", Kind: "x").FindKind());
        Assert.Equal(("grafana", "nagios"), (new NewSource("a", Format: " GRAFANA ").Trimmed().Format, new NewSource("a", Format: "nagios").Trimmed().Format));
    }

    [Fact]
    public void A_change_names_the_members_it_has()
    {
        var (text, flag, number) = (JsonElement.Parse("\"b\""), JsonElement.Parse("true"), JsonElement.Parse("1"));

        Assert.Equal("name, appKey, titleTemplate", new SourceChange(text, text, text).Changed);
        Assert.Equal(
            "silentAfterHours, oneTime, flatten, okAfterHours",
            new SourceChange(SilentAfterHours: number, OneTime: flag, Flatten: flag, OkAfterHours: number).Changed);
    }
}
