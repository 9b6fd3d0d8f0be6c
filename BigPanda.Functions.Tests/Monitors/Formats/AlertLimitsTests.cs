using System.Text;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Tests.Monitors.Formats;

/// <summary>What an alert in BigPanda's own form may be at most. The members are beside <c>status</c> and <c>host</c>.</summary>
public sealed class AlertLimitsTests
{
    [Fact]
    public void A_name_has_256_characters_at_most()
    {
        Assert.Null(Read(Member(new string('x', 256), "1")).Refusal);
        Assert.Equal(
            FieldNote.Of(new string('x', 257), "is a name of more than 256 characters."),
            Read(Member(new string('x', 257), """{"a":[1]}"""), Member("after", "{}")).Refusal);
    }

    [Fact]
    public void An_identifier_has_512_characters_at_most()
    {
        Assert.Null(Read(Member("incident_identifier", $"\"{new string('x', 512)}\"")).Refusal);
        Assert.Equal("has more than 512 characters.", Read(Member("incident_identifier", $"\"{new string('x', 513)}\"")).Refusal?.Reason);
    }

    [Fact]
    public void An_alert_has_a_thousand_properties_at_most()
    {
        Assert.Null(Read(Tags(998)).Refusal);
        Assert.Equal(new FieldNote("$", "has more than 1000 properties."), Read(Tags(999)).Refusal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("[1]")]
    [InlineData("""{"a":[1]}""")]
    public void A_tag_without_a_name_is_left_out(string value)
    {
        var read = Read(Member(" ", value), Member("after", "1"));

        Assert.Equal("is a tag without a name: left out.", Assert.Single(read.Warnings).Reason);
        Assert.True(read.IsAccepted);
        Assert.Equal(["host", "after"], read.Alert?.Tags.Select(tag => tag.Key));
    }

    [Fact]
    public void Twenty_warnings_are_kept() => Assert.Equal(
        20, Read([.. Enumerable.Range(0, 21).Select(n => Member($"t{n}", $"\"{new string('x', 513)}\""))]).Warnings.Count);

    [Theory]
    [InlineData(20_000, null)]
    [InlineData(20_001, "alerts has more than 20000 alerts: send smaller batches.")]
    public void A_body_has_20000_alerts_at_most(int count, string? error) => Assert.Equal(
        error, ErrorOf("alertmanager", $$"""{"alerts":[{{string.Join(',', Enumerable.Repeat("{}", count))}}]}"""));

    [Theory]
    [InlineData("[]", "The body must be an object with a list of alerts.")]
    [InlineData("""{"alerts":[{}],"alerts":[{}]}""", "alerts appears twice: send one list.")]
    [InlineData("""{"alerts":{}}""", "alerts must be a list of alerts.")]
    public void A_group_has_one_list_of_alerts(string body, string error) => Assert.Equal(error, ErrorOf("alertmanager", body));

    [Theory]
    [InlineData("""{"evalMatches":[{"value":1}]}""")]
    [InlineData("""{"ruleUrl":"https://grafana.example"}""")]
    public void A_body_of_Grafanas_legacy_alerting_is_named(string body) => Assert.NotEqual(ErrorOf("grafana", "{}"), ErrorOf("grafana", body));

    private static string? ErrorOf(string format, string body) => MonitorSamples.Read(format, Encoding.UTF8.GetBytes(body)).Error?.Detail;

    private static string[] Tags(int count) => [.. Enumerable.Range(0, count).Select(n => Member($"t{n}", "1"))];

    private static string Member(string name, string json) => $"\"{name}\":{json}";

    private static ReadAlert Read(params string[] members) => Assert.Single(
        MonitorSamples.Read("bigpanda", Encoding.UTF8.GetBytes($$"""{"status":"critical","host":"web1",{{string.Join(',', members)}}}""")).Alerts);
}
