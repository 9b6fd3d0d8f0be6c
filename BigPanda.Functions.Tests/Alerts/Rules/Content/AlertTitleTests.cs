using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Alerts.Rules.Content;

public sealed class AlertTitleTests
{
    private static readonly Incident Bare = new() { Id = "inc-1" };

    [Theory]
    [InlineData("web1/CPU web2/CPU", "web1, web2: CPU")]
    [InlineData("web1/", "web1")]
    [InlineData("/CPU", "CPU")]
    [InlineData("/", "load is high")]
    [InlineData("", "Incident inc-1")]
    [InlineData("web2/CPU web1/disk", "web1, web2: CPU, disk")]
    [InlineData("b/x a/x c/x", "a, b, c: x")]
    [InlineData("b/x a/x c/x d/x", "a, b, c and 1 more: x")]
    [InlineData("b/x a/x c/x d/x e/x A/x", "a, b, c and 2 more: x")]
    public void The_title_joins_the_primary_and_secondary_names(string alerts, string title) => Assert.Equal(title, Contents.TitleOf(Incident(alerts)));

    [Fact]
    public void Without_names_the_title_is_the_first_description() => Assert.Equal("load is high", Contents.TitleOf(Bare with
    {
        Alerts = [new() { Id = "a" }, new() { Id = "b", Description = " " }, new() { Id = "c", Description = "load is\nhigh" }, new() { Description = "disk" }],
    }));

    [Fact]
    public void The_title_has_200_characters_at_most()
    {
        Assert.Equal(new string('x', 200), Contents.TitleOf(Bare with { Alerts = [new() { Description = new string('x', 200) }] }));
        Assert.Equal(new string('x', 199) + "…", Contents.TitleOf(Bare with { Alerts = [new() { Description = new string('x', 201) }] }));
    }

    [Theory]
    [InlineData("Prod", "env-1", "Prod")]
    [InlineData(null, "env-1", "env-1")]
    public void An_environment_is_shown_by_name_or_by_id(string? name, string id, string shown) =>
        Assert.Equal(shown, Contents.TitleOf(Bare with { Environment = new IncidentEnvironment(id, name) }, "{environment}"));

    [Theory]
    [InlineData("{primary} ", "")]
    [InlineData("{secondary}", "")]
    [InlineData("{description}", "")]
    [InlineData("{environment}", "")]
    [InlineData("{severity}{status}", "")]
    [InlineData("{tag:host}", "")]
    [InlineData("{incidentId}", "inc-1")]
    public void A_placeholder_without_a_value_is_empty(string template, string shown) =>
        Assert.Equal(shown.Length == 0 ? "Incident inc-1" : shown, Contents.TitleOf(Bare, template));

    [Fact]
    public void Empty_names_are_left_out() => Assert.Equal("a", Contents.TitleOf(Bare with
    {
        Alerts = [new() { PrimaryProperty = "host", Tags = new Dictionary<string, TagValue> { ["host"] = new("""["","a"]""") } }],
    }));

    [Fact]
    public void The_first_source_by_id_that_has_a_template_decides()
    {
        Assert.Equal("from b", TitleOf(("c", "from c"), ("b", "from b"), ("a", null)));
        Assert.Equal("from c", TitleOf(("c", "from c"), ("b", "{tag:nothing}"), ("a", "{unknown}")));
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void A_template_has_300_characters_at_most(int length, bool isOne)
    {
        Assert.Equal(isOne, AlertTitleTemplate.TryParse(new string('x', length), out var template, out var fault));
        Assert.Equal(isOne, template is not null);
        Assert.Equal(isOne ? null : new TemplateError(301, "a template has at most 300 characters."), fault);
    }

    [Theory]
    [InlineData("a}", 2, "this } has no matching {; write }} for a literal brace.")]
    [InlineData("a{b", 2, "this { is never closed; write {{ for a literal brace.")]
    [InlineData("", 1, "the template is empty.")]
    [InlineData("{x}", 1,
        "unknown placeholder {x}; use {primary}, {secondary}, {description}, {environment}, {severity}, {status}, {incidentId} and {tag:NAME}.")]
    public void A_template_error_says_what_is_wrong_and_where(string template, int position, string what)
    {
        Assert.False(AlertTitleTemplate.TryParse(template, out _, out var fault));
        Assert.Equal(new TemplateError(position, what), fault);
    }

    private static string TitleOf(params (string Source, string? Template)[] deliveries)
    {
        var content = AlertContent.Unknown;
        foreach (var (source, template) in deliveries)
            content = content.With(Bare, new SourceTraits(source, template, IsOneTime: false, new Stamp(Moment.Of(Deliveries.At(1)))), default);
        return content.Title;
    }

    /// <param name="alerts">"primary/secondary" each; an empty part is absent.</param>
    private static Incident Incident(string alerts) => Bare with
    {
        Alerts = [.. alerts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('/')).Select((names, i) => new IncidentAlert
        {
            Id = $"{i}",
            Description = "load is high",
            PrimaryProperty = names[0].Length > 0 ? "host" : null,
            SecondaryProperty = names[1].Length > 0 ? "check" : null,
            Tags = new Dictionary<string, TagValue> { ["host"] = TagValue.Of(names[0]), ["check"] = TagValue.Of(names[1]) },
        })],
    };
}
