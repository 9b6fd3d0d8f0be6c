using System.Text;
using BigPanda.Functions.Json;
using BigPanda.Functions.Monitors.Alerts;

namespace BigPanda.Functions.Tests.Monitors.Alerts;

/// <summary>BigPanda's limits and names, and what it recognises an alert by.</summary>
public sealed class AlertRulesTests
{
    [Theory]
    [InlineData("Team Name", "team_name")]
    [InlineData("cpu.core", "cpu_core")]
    [InlineData("_ResourceId", "resourceid")]
    [InlineData("__meta__", "meta")]
    [InlineData("9lives", "n_9lives")]
    [InlineData("already-fine_1", "already-fine_1")]
    [InlineData("größe", "gr__e")]
    [InlineData("日本", "tag")]
    [InlineData("", "tag")]
    [InlineData("\ud800", "tag")]
    public void A_tag_name_is_one_that_BigPanda_can_search(string sent, string name) => Assert.Equal(name, TagNames.Safe(sent));

    [Fact]
    public void A_long_tag_name_is_cut_to_64_characters() => Assert.Equal(new string('a', 64), TagNames.Safe(new string('A', 1000)));

    [Theory]
    [InlineData("12345", 5, "12345")]
    [InlineData("123456", 5, "1234…")]
    [InlineData("123🔥56", 5, "123…")]
    [InlineData("12🔥56", 5, "12🔥…")]
    public void A_text_is_cut_between_characters(string text, int length, string cut) => Assert.Equal(cut, AlertLimits.Cut(text, length));

    [Theory]
    [InlineData("host", "db-1", "check", "disk", null, null, "db-1|disk")]
    [InlineData("service", "orders", "host", "db-1", null, null, "db-1|")]
    [InlineData("device", "ups", "sensor", "battery", null, null, "ups|battery")]
    [InlineData("host", "db-1", "rack", "r-7", "rack", null, "r-7|")]
    [InlineData("host", "db-1", "disk", "sda", null, "disk", "db-1|sda")]
    [InlineData("host", "db-1", "check", "disk", "missing", "missing", "db-1|disk")]
    public void Without_an_identifier_an_alert_is_known_by_its_primary_and_secondary_property(
        string first, string firstValue, string second, string secondValue, string? primary, string? secondary, string identity)
    {
        var tags = Alert((first, TagValue.Of(firstValue)), (second, TagValue.Of(secondValue)));
        var alert = tags with { PrimaryProperty = primary, SecondaryProperty = secondary };

        Assert.Equal(identity, alert.Identity);
        Assert.Equal("id", (alert with { IncidentIdentifier = "id" }).Identity);
    }

    [Fact]
    public void A_number_and_its_text_are_one_identity_and_a_list_is_its_values() => Assert.Equal(
        ["7|", "7|", "a|b|"],
        [
            Alert(("host", new TagValue("7"))).Identity, Alert(("host", TagValue.Of("7"))).Identity,
            Alert(("host", TagValue.OfList([TagValue.Of("a"), TagValue.Of("b")]))).Identity,
        ]);

    [Fact]
    public void An_alert_is_written_as_people_read_it() => Assert.Equal(
        """{"status":"ok","timestamp":1795690800,"host":"größe"}""",
        Encoding.UTF8.GetString(MonitorAlertJson.Write(Alert(("host", TagValue.Of("größe"))))));

    [Fact]
    public void Parts_of_an_identity_cannot_be_moved_between_its_groups() => Assert.Equal(
        4,
        ((string[])[
            AlertIdentity.Of("kind", ["a", "b"], ["c"]), AlertIdentity.Of("kind", ["a"], ["b", "c"]), AlertIdentity.Of("kind", ["ab"], ["c"]),
            AlertIdentity.Of("other", ["a", "b"], ["c"]),
        ]).Distinct().Count());

    [Fact]
    public void No_severity_is_ok() => Assert.DoesNotContain(MonitorStatus.Ok, SeverityWords.All.Values);

    private static MonitorAlert Alert(params (string Name, TagValue Value)[] tags) => new()
    {
        Status = MonitorStatus.Ok,
        Timestamp = 1_795_690_800,
        Tags = [.. tags.Select(tag => KeyValuePair.Create(tag.Name, tag.Value))],
    };
}
