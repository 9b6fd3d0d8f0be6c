using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Alerts.Rules.Content;

public sealed class AlertTitleTemplateTests
{
    private static readonly Incident Sample = new()
    {
        Id = "inc-1",
        Status = "Warning",
        Severity = "Critical",
        Environment = new IncidentEnvironment("env-1", "Production"),
        Tags = new Dictionary<string, TagValue> { ["team"] = TagValue.Of("payments"), ["empty"] = TagValue.Of("") },
        Alerts = [Alert("web2", "CPU", "load is high"), Alert("web1", "CPU", "disk is full")],
    };

    [Theory]
    [InlineData("{primary}", "web1, web2")]
    [InlineData("{secondary} on {primary}", "CPU on web1, web2")]
    [InlineData("{description}", "disk is full")]
    [InlineData("[{severity}/{status}] {environment}", "[critical/warning] Production")]
    [InlineData("{incidentId}", "inc-1")]
    [InlineData("{tag:team}: {tag:host}", "payments: web1, web2")]
    [InlineData("{tag:nowhere}{tag:empty}x", "x")]
    [InlineData("{{literal}} {{{primary}}}", "{literal} {web1, web2}")]
    [InlineData("a\tb\n  c", "a b c")]
    [InlineData("plain", "plain")]
    public void Placeholders_are_filled(string template, string title) => Assert.Equal(title, Contents.TitleOf(Sample, template));

    [Fact]
    public void The_title_does_not_depend_on_the_order_of_the_alerts() =>
        Assert.Equal(
            Contents.TitleOf(Sample, "{primary} {secondary} {description} {tag:host}"),
            Contents.TitleOf(Sample with { Alerts = [.. Sample.Alerts.Reverse()] }, "{primary} {secondary} {description} {tag:host}"));

    [Fact]
    public void Each_of_a_tags_values_is_a_name() => Assert.Equal(
        "db1, db2, web1",
        Contents.TitleOf(
            Sample with
            {
                Alerts = [Sample.Alerts[1], Sample.Alerts[0] with { Tags = new Dictionary<string, TagValue> { ["host"] = new("""["db2","db1"]""") } }],
            },
            "{primary}"));

    [Fact]
    public void A_template_that_shows_nothing_leaves_the_usual_title() => Assert.Equal("web1, web2: CPU", Contents.TitleOf(Sample, "{tag:nowhere} "));

    [Fact]
    public void A_long_title_is_cut() => Assert.Equal(AlertTitle.MaxLength, Contents.TitleOf(Sample with { Id = new string('x', 400) }, "{incidentId}").Length);

    [Theory]
    [InlineData("{host}", 1, "unknown placeholder {host}")]
    [InlineData("ok {Primary}", 4, "unknown placeholder {Primary}")]
    [InlineData("{tag:}", 1, "unknown placeholder {tag:}")]
    [InlineData("a {primary", 3, "never closed")]
    [InlineData("a } b", 3, "has no matching {")]
    [InlineData("{{{", 3, "never closed")]
    [InlineData("", 1, "empty")]
    public void What_is_wrong_is_named_with_its_place(string template, int position, string what)
    {
        Assert.False(AlertTitleTemplate.TryParse(template, out _, out var error));
        Assert.Equal(position, error.Position);
        Assert.Contains(what, error.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_has_300_characters_at_most() =>
        Assert.False(AlertTitleTemplate.TryParse(new string('x', 301), out _, out _));

    private static IncidentAlert Alert(string host, string check, string description) => new()
    {
        PrimaryProperty = "host",
        SecondaryProperty = "check",
        Description = description,
        Tags = new Dictionary<string, TagValue> { ["host"] = TagValue.Of(host), ["check"] = TagValue.Of(check) },
    };
}
