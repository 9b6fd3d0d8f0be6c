using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

public sealed class PageRoutingTests
{
    private const string Database = "dddddddddddd";
    private static readonly string TagKey = new('k', 32);

    private static readonly PagingPolicy Policy = new()
    {
        DefaultKeyId = PagedAlert.DefaultKey,
        Keys = new Dictionary<string, string> { ["database"] = Database, ["night"] = "nnnnnnnnnnnn" },
        KeyTag = "service_key",
        Rules =
        [
            new PagingRule("Production", "critical", null, "database"),
            new PagingRule(null, null, "second", "night"),
            new PagingRule("env-9", null, null, "a key that was removed"),
        ],
    };

    [Theory]
    [InlineData("Database", Database, null)]
    [InlineData("night", "nnnnnnnnnnnn", null)]
    [InlineData("a typing error", PagedAlert.DefaultKey, "neither")]
    [InlineData("kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk!", PagedAlert.DefaultKey, "neither")]
    [InlineData("   ", PagedAlert.DefaultKey, null)]
    public void A_tag_names_a_key_and_one_that_does_not_is_reported(string value, string keyId, string? error)
    {
        var route = Choose(new AlertContent { Tags = Tag("service_key", value) });

        Assert.Equal((keyId, null), (route.Key?.Id, route.Key?.Value));
        if (error is null) Assert.Null(route.Error);
        else Assert.Contains(error, route.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_a_tag_travels_with_the_page()
    {
        var route = Choose(new AlertContent { Tags = Tag("service_key", TagKey) });

        Assert.Equal(new PageKey(PagerDutyCredential.IdOf(TagKey), TagKey), route.Key);
        Assert.DoesNotContain(TagKey, $"{route} {route.Key}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_key_in_a_tag_is_used_by_its_id()
    {
        var policy = Policy with { DefaultKeyId = PagerDutyCredential.IdOf(TagKey) };

        Assert.Equal(new PageKey(policy.DefaultKeyId), Choose(new AlertContent { Tags = Tag("service_key", TagKey) }, policy).Key);
    }

    [Fact]
    public void The_tag_may_be_that_of_an_alert_of_the_incident()
    {
        var content = new AlertContent { Alerts = [new AlertDetail { Id = "a" }, new AlertDetail { Id = "b", Tags = Tag("Service_Key", "night") }] };

        Assert.Equal("nnnnnnnnnnnn", Choose(content).Key?.Id);
    }

    [Fact]
    public void Of_several_values_of_the_tag_the_first_counts()
    {
        var tags = new Dictionary<string, TagValue> { ["service_key"] = new("""["night","database"]""") };

        Assert.Equal("nnnnnnnnnnnn", Choose(new AlertContent { Tags = tags }).Key?.Id);
    }

    [Fact]
    public void A_header_names_the_tag_and_the_configuration_comes_first()
    {
        var content = new AlertContent
        {
            Tags = new Dictionary<string, TagValue> { ["team_key"] = TagValue.Of("night"), ["service_key"] = TagValue.Of("database") },
            Headers = new RoutingHeaders(new Dictionary<string, string> { ["x-bp-config-pdfield"] = " team_key " }, default),
        };

        Assert.Equal("nnnnnnnnnnnn", Choose(content, Policy with { KeyTag = null }).Key?.Id);
        Assert.Equal(Database, Choose(content).Key?.Id);
    }

    [Theory]
    [InlineData("production", "critical", "main", Database)]
    [InlineData("Production", "warning", "main", PagedAlert.DefaultKey)]
    [InlineData("Production", "warning", "second", "nnnnnnnnnnnn")]
    [InlineData("env-9", "critical", "main", PagedAlert.DefaultKey)]
    public void The_first_rule_that_matches_chooses_the_key(string environment, string severity, string source, string keyId)
    {
        var content = new AlertContent
        {
            Severity = severity,
            Environments = [new KnownEnvironment("env-0", "All", default), new KnownEnvironment(environment, environment, default)],
        };

        var alert = new Alert { IncidentId = IncidentId, Content = content, Sources = [source] };

        Assert.Equal(keyId, PageRouting.Choose(alert, Policy, PagedAlert.Headers).Key?.Id);
    }

    [Fact]
    public void Without_a_default_key_there_may_be_none() =>
        Assert.Equal((null, PageRouting.NoKey), (Choose(new AlertContent(), Policy with { DefaultKeyId = null }) is var route ? route.Key : null, route.Why));

    [Fact]
    public void The_timeline_says_that_a_tag_holds_no_key()
    {
        var alert = new PagedAlert(Policy with { KeyTag = "severity" });
        alert.Send(New(10), At(11));

        var entry = Assert.Single(alert.Timeline, entry => entry.Kind == "page");
        Assert.Equal(
            "the tag severity holds neither a routing key of 32 characters nor the name of a stored one: paged through the default key", entry.Reason);
    }

    private static PageRoute Choose(AlertContent content, PagingPolicy? policy = null) =>
        PageRouting.Choose(new Alert { IncidentId = IncidentId, Content = content, Sources = ["main"] }, policy ?? Policy, PagedAlert.Headers);

    private static Dictionary<string, TagValue> Tag(string name, string value) => new() { [name] = TagValue.Of(value) };
}
