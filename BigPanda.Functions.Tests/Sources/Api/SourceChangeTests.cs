using System.Text.Json;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Api;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Sources.Api;

public sealed class SourceChangeTests
{
    private static readonly AlertSource Before = Catalogs.Source("main", "token") with
    {
        Name = "Main",
        AppKey = "app-key",
        TitleTemplate = "{primary}",
        HeaderName = "X-Token",
        SilentAfterHours = 3,
        OneTime = true,
    };

    [Fact]
    public void What_is_not_named_stays() => Assert.Equal(
        new NewSource("Main", "app-key", "{primary}", "X-Token", 3, OneTime: true, "bigpanda"), Change("{}"));

    [Fact]
    public void What_is_named_is_changed() => Assert.Equal(
        new NewSource("Other", "other-key", "{secondary}", "X-Token", 5, Kind: "bigpanda"),
        Change("""{"name":" Other ","appKey":"other-key","titleTemplate":"{secondary}","silentAfterHours":5,"oneTime":false}"""));

    [Fact]
    public void Null_takes_away() => Assert.Equal(
        new NewSource("Main", null, null, "X-Token", Kind: "bigpanda"),
        Change("""{"appKey":null,"titleTemplate":null,"silentAfterHours":null,"oneTime":null}"""));

    [Fact]
    public void A_monitor_keeps_its_kind_and_format()
    {
        var monitor = Catalogs.Source("main", "token") with { Kind = SourceKind.Monitor, Format = "grafana", Flatten = true, OkAfterHours = 5 };

        Assert.Equal(
            new NewSource("main", AuthHeader: "Authorization", Kind: "monitor", Format: "grafana", Flatten: true, OkAfterHours: 5), Of("{}"));
        Assert.Equal(
            new NewSource("main", AuthHeader: "Authorization", Kind: "monitor", Format: "grafana"), Of("""{"flatten":null,"okAfterHours":null}"""));
        Assert.Equal("appKey", Of("""{"appKey":"key"}""")?.Validate()?.Field);

        NewSource? Of(string json) => JsonSerializer.Deserialize(json, SourceJson.Default.SourceChange)?.ApplyTo(monitor);
    }

    [Fact]
    public void A_name_cannot_be_taken_away() => Assert.Equal("name", Change("""{"name":null}""")?.Validate()?.Field);

    [Theory]
    [InlineData("""{"name":1}""", "name")]
    [InlineData("""{"name":"x","appKey":{}}""", "appKey")]
    [InlineData("""{"titleTemplate":["x"]}""", "titleTemplate")]
    [InlineData("""{"silentAfterHours":"5"}""", "silentAfterHours")]
    [InlineData("""{"oneTime":"yes"}""", "oneTime")]
    [InlineData("""{"flatten":1}""", "flatten")]
    [InlineData("""{"okAfterHours":"5"}""", "okAfterHours")]
    [InlineData("""{"silentAfterHours":1.5}""", "silentAfterHours")]
    [InlineData("""{"silentAfterHours":99999999999}""", "silentAfterHours")]
    public void A_member_of_the_wrong_type_is_named(string json, string member)
    {
        Assert.Null(Change(json));
        Assert.Equal(member, JsonSerializer.Deserialize(json, SourceJson.Default.SourceChange)?.WrongMember);
    }

    private static NewSource? Change(string json) => JsonSerializer.Deserialize(json, SourceJson.Default.SourceChange)?.ApplyTo(Before);
}
