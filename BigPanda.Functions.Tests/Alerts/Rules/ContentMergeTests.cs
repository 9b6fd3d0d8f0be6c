using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Alerts.Rules.ContentFieldsTests;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>Which delivery each value is from, and what is kept of alerts that left the incident.</summary>
public sealed class ContentMergeTests
{
    private const string Full = """
        {"incident":{"id":"i","changedOn":{0},"alerts":[
          {"id":"a","status":"critical","sourceSystem":"nagios","description":"full","primaryProperty":"host","secondaryProperty":"check",
           "tags":[{"name":"host","value":"db1"},{"name":"check","value":"disk"}]}]}}
        """;

    private const string Nothing = """{"incident":{"id":"i","changedOn":{0}}}""";

    [Fact]
    public void A_late_delivery_that_adds_nothing_changes_nothing()
    {
        var known = Apply(Of(Full, 20));
        var late = Of("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"a","status":"ok"}]}}""", 10);

        var decision = AlertLifecycle.Decide(known, late, Deliveries.At(30));

        Assert.Same(known.Content, decision.Alert.Content);
    }

    [Fact]
    public void A_late_delivery_fills_in_one_field_although_it_names_no_environment()
    {
        var content = Apply(
            Of("""{"incident":{"id":"i","changedOn":{0},"severity":"Warning"}}""", 20),
            Of("""{"incident":{"id":"i","changedOn":{0},"status":"Critical"}}""", 10)).Content;

        Assert.Equal(("warning", "critical"), (content.Severity, content.IncidentStatus));
    }

    /// <summary>A newer delivery without a list says nothing of how new the known list is.</summary>
    [Fact]
    public void An_alert_has_the_values_of_the_newest_list_whatever_came_after_it()
    {
        var alert = Apply(
            Of(Full, 10), Of("""{"incident":{"id":"i","changedOn":{0},"severity":"Warning"}}""", 30),
            Of("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"a","status":"ok"}]}}""", 20));

        Assert.Equal("a ok nagios full host,check", Shown(alert.Content)["alerts"]);
    }

    [Fact]
    public void An_alert_that_left_keeps_the_age_of_each_of_its_values()
    {
        var alert = Apply(
            Of(Full, 10), Of("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"a","status":"ok"}]}}""", 20),
            Of("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"b"}]}}""", 40),
            Of("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"a","status":"warning","description":"later"}]}}""", 15),
            Of("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"a"}]}}""", 50));

        Assert.Equal("a ok nagios later host,check", Shown(alert.Content)["alerts"]);
    }

    /// <summary>A row has many alerts.</summary>
    [Fact]
    public void An_alert_that_a_list_names_in_full_is_stored_without_the_ages_of_its_values()
    {
        var detail = Assert.Single(Apply(Of(Full, 10), Of(Full, 20)).Content.Alerts);

        Assert.Null(detail.Origins);
    }

    [Fact]
    public void Of_many_alerts_that_left_the_newest_are_kept()
    {
        var lists = Enumerable.Range(1, 61)
            .Select(i => Of($$$"""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"{{{i}}}","status":"ok"}]}}""", i));

        var content = Apply(lists).Content;

        Assert.Equal(Enumerable.Range(11, 50).Reverse().Select(i => $"{i}"), content.FormerAlerts.Select(alert => alert.Id));
    }

    [Fact]
    public void Of_many_alerts_that_left_at_once_the_first_by_id_are_kept()
    {
        var ids = Enumerable.Range(10, 60).Select(i => $"{i}").ToArray();
        var list = string.Join(',', ids.Reverse().Select(id => $$"""{"id":"{{id}}","status":"ok"}"""));
        var content = Apply(
            Of($$$"""{"incident":{"id":"i","changedOn":{0},"alerts":[{{{list}}}]}}""", 10),
            Of("""{"incident":{"id":"i","changedOn":{0},"alerts":[{"id":"other"}]}}""", 20)).Content;

        Assert.Equal(ids.Take(50), content.FormerAlerts.Select(alert => alert.Id));
    }

    [Fact]
    public void How_many_alerts_are_not_shown_is_of_the_delivery_that_the_list_is_of()
    {
        var cut = Of(Full, 10);
        cut = cut with { Incident = cut.Incident with { AlertsLeftOut = 5 } };

        Assert.Equal("5 more alerts are not shown.", Apply(cut).Content.Omitted);
        Assert.Equal("5 more alerts are not shown.", Apply(cut, Of(Nothing, 20)).Content.Omitted);
        Assert.Null(Apply(cut, Of(Full, 20)).Content.Omitted);
    }

    /// <summary>Such a row has no names of the properties that the title is made from.</summary>
    [Fact]
    public void The_title_of_a_row_of_an_earlier_version_is_kept_until_a_delivery_brings_the_alerts()
    {
        var known = Apply(Of(Full, 10));
        var stored = known with { Content = known.Content with { Title = "as stored", Traits = [], Origins = [], Environments = [] } };

        Assert.Equal("as stored", AlertLifecycle.Decide(stored, Of(Nothing, 20), Deliveries.At(30)).Alert.Content.Title);
        Assert.Equal("db1: disk", AlertLifecycle.Decide(stored, Of(Full, 20), Deliveries.At(30)).Alert.Content.Title);
    }

    [Fact]
    public void Of_an_incident_that_is_not_snoozed_no_end_is_shown() => Assert.Equal(
        "False ", Shown(Apply(Of("""{"incident":{"id":"i","changedOn":{0},"snooze":{"snoozed":false,"wake":1900000000}}}""", 10)).Content)["snooze"]);

    [Fact]
    public void An_environment_that_is_named_again_stays_beside_the_others() =>
        Assert.Equal(["env-2", "env-1"], Apply(In("env-1", 10), In("env-2", 20), In("env-2", 30)).Content.EnvironmentIds);

    [Fact]
    public void Environments_without_an_id_are_known_by_their_names()
    {
        var content = Apply(Named("EU", 10), Named("US", 20), Named("EU", 30)).Content;

        Assert.Equal(["EU", "US"], content.Environments.Select(environment => environment.Name));
    }

    [Fact]
    public void Headers_over_a_limit_are_left_out_one_by_one()
    {
        var headers = new Dictionary<string, string> { [new string('n', 256)] = "a", [new string('n', 257)] = "b", ["x-bp-a"] = " " };
        var kept = Apply(Of(Nothing, 10) with { Headers = headers }).Content.Headers;

        Assert.Equal(["x-bp-a", new string('n', 256)], kept?.Values.Keys.Order(StringComparer.Ordinal).Reverse());
        Assert.Null(kept?.Find("x-bp-a"));
    }

    [Theory]
    [InlineData("ab🔥", 4, "ab🔥")]
    [InlineData("ab🔥", 3, "ab")]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData(null, 3, null)]
    public void A_cut_text_ends_with_a_whole_character(string? text, int limit, string? cut) => Assert.Equal(cut, Wording.Truncate(text, limit));

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData(null, 3, null)]
    public void A_shortened_text_says_so(string? text, int limit, string? shortened) => Assert.Equal(shortened, Wording.Shorten(text, limit));

    private static IncidentReported In(string environment, long second) =>
        Of($$$"""{"incident":{"id":"i","changedOn":{0}},"metadata":{"environment_id":"{{{environment}}}"}}""", second);

    private static IncidentReported Named(string environment, long second) =>
        Of($$$"""{"incident":{"id":"i","changedOn":{0}},"metadata":{"environment":"{{{environment}}}"}}""", second);
}
