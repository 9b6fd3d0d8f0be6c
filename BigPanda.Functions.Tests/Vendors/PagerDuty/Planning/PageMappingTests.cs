using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

public sealed class PageMappingTests
{
    private const string List = "x-bp-mapping-fields";
    private const string Prefix = "x-bp-field-";

    [Fact]
    public void Headers_map_tags_in_both_of_their_forms()
    {
        var mapping = Read((List, "host = component , team=group,a=b=class,note=custom_details.note"), ("x-bp-field-summary", " title "));

        Assert.Empty(mapping.Ignored);
        Assert.Equal(
            [
                new MappedTag("title", "summary"), new MappedTag("host", "component"), new MappedTag("team", "group"), new MappedTag("a=b", "class"),
                new MappedTag("note", "custom_details.note"),
            ],
            mapping.Tags);
    }

    [Theory]
    [InlineData(List, "host", "names no tag for “host”")]
    [InlineData(List, "=group", "names no tag for “group”")]
    [InlineData(List, "host=urgency", "names the field “urgency”; known are summary, ")]
    [InlineData(List, "host=custom_details.", "names the field “custom_details.”")]
    [InlineData("x-bp-field-urgency", "host", "names the field “urgency”")]
    [InlineData("x-bp-field-group", "  ", "names no tag for “group”")]
    public void What_maps_nothing_is_named(string header, string value, string ignored)
    {
        var mapping = Read((header, value));

        Assert.Empty(mapping.Tags);
        Assert.Contains(ignored, Assert.Single(mapping.Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_headers_and_no_headers_map_nothing()
    {
        Assert.Same(HeaderMapping.None, HeaderMapping.Read(null, List, Prefix));
        Assert.Same(HeaderMapping.None, Read(("x-bp-config-pdfield", "key"), (List, " , ")));
    }

    [Fact]
    public void A_list_of_any_length_is_bounded() =>
        Assert.Equal(100, Read((List, string.Join(',', Enumerable.Range(0, 5000).Select(n => $"t{n}=group")))).Tags.Count);

    [Fact]
    public void The_configured_tag_comes_first_and_the_next_one_stands_in_for_it()
    {
        var mapping = Read((List, "host=component")).AddTo(new PageMapping { Tags = [new MappedTag("service", "component")] });

        Assert.Equal("db", mapping.ValueOf(With(("service", "\"db\""), ("host", "\"web1\"")), "component"));
        Assert.Equal("web1", mapping.ValueOf(With(("service", "\"\""), ("host", "\"web1\"")), "component"));
        Assert.Null(mapping.ValueOf(With(), "component"));
        Assert.Null(mapping.ValueOf(With(("host", "\"web1\"")), "group"));
    }

    [Fact]
    public void A_tag_of_the_alerts_fills_a_field_when_the_incident_has_none()
    {
        AlertDetail[] alerts = [.. new[] { "web2", "web1", "web2" }.Select(host => new AlertDetail { Tags = Tags(("host", $"\"{host}\"")) })];

        Assert.Equal("web1, web2", PageMapping.ReadTag(new AlertContent { Alerts = alerts }, "host"));
        Assert.Equal("db, 5", PageMapping.ReadTag(With(("host", "[\"db\",5]")) with { Alerts = alerts }, "host"));
    }

    [Theory]
    [InlineData("\"Warning \"", "warning")]
    [InlineData("\"P1\"", "info")]
    [InlineData("\"P2\"", "critical")]
    [InlineData("\"\"", "critical")]
    public void A_mapped_severity_counts_if_it_is_a_known_word(string json, string severity)
    {
        var policy = new PagingPolicy
        {
            Fields = new Dictionary<string, string> { ["impact"] = "severity" },
            Severities = new Dictionary<string, string> { ["p1"] = "info" },
        };

        Assert.Equal(severity, PageMapping.Of(policy).SeverityOf(With(("impact", json)) with { Severity = "critical" }, policy, null));
    }

    [Fact]
    public void The_policy_decides_what_is_shown_and_its_unknown_fields_map_nothing()
    {
        var mapping = PageMapping.Of(new PagingPolicy
        {
            Fields = new Dictionary<string, string> { ["host"] = "component", ["team"] = "urgency" },
            Priority = Direction.In,
            Assignment = Direction.Out,
        });

        Assert.Equal([new MappedTag("host", "component")], mapping.Tags);
        Assert.Equal((false, true), (mapping.ShowsPriority, mapping.ShowsAssignee));
    }

    private static HeaderMapping Read(params (string Name, string Value)[] headers) =>
        HeaderMapping.Read(headers.ToDictionary(header => header.Name, header => header.Value), List, Prefix);

    private static AlertContent With(params (string Name, string Json)[] tags) => new() { Tags = Tags(tags) };

    private static Dictionary<string, TagValue> Tags(params (string Name, string Json)[] tags) =>
        tags.ToDictionary(tag => tag.Name, tag => new TagValue(tag.Json));
}
