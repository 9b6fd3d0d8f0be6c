using System.Collections.ObjectModel;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Json;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

public sealed class PageContentTests
{
    private static readonly PageMapping NoMapping = new();

    private static readonly AlertContent Content = new()
    {
        Title = "web1, web2: CPU",
        Severity = "critical",
        IncidentStatus = "critical",
        Environment = new IncidentEnvironment("env-1", "Production"),
        Environments = [new KnownEnvironment("env-1", "Production", default), new KnownEnvironment("env-2", null, default)],
        Url = "https://a.bigpanda.io/1",
        Priority = "1",
        Assignee = "ada",
        Tags = new Dictionary<string, TagValue> { ["team"] = TagValue.Of("db"), ["order"] = new("1000") },
        Alerts =
        [
            new AlertDetail { Id = "a", Status = "critical", Description = "CPU is 93%", Tags = Tag("host", "web1") },
            new AlertDetail { Id = "b", Status = "warning", Description = "CPU is 81%" },
        ],
        RelatedChanges = [new RelatedChange { Id = "c", Status = "Done", Summary = "deploy" }, new RelatedChange { Id = "d" }],
    };

    public static TheoryData<string, Func<AlertContent, AlertContent>> Changes => new()
    {
        { "title", content => content with { Title = "web1: CPU" } },
        { "severity", content => content with { Severity = "warning" } },
        { "status", content => content with { IncidentStatus = "acknowledged" } },
        { "environment", content => content with { Environments = [new KnownEnvironment("env-1", "Test", default)] } },
        { "priority", content => content with { Priority = "2" } },
        { "assignee", content => content with { Assignee = null } },
        { "flapping", content => content with { Flapping = true } },
        { "snoozed", content => content with { Snoozed = true } },
        { "tag", content => content with { Tags = new Dictionary<string, TagValue>(content.Tags) { ["team"] = TagValue.Of("web") } } },
        { "tag added", content => content with { Tags = new Dictionary<string, TagValue>(content.Tags) { ["more"] = new("null") } } },
        { "tags gone", content => content with { Tags = ReadOnlyDictionary<string, TagValue>.Empty } },
        { "tags exchanged", content => content with { Tags = new Dictionary<string, TagValue> { ["team"] = new("1000"), ["order"] = TagValue.Of("db") } } },
        { "alert's status", content => content with { Alerts = [content.Alerts[0] with { Status = "ok" }, content.Alerts[1]] } },
        { "alert gone", content => content with { Alerts = [content.Alerts[0]] } },
        { "change's status", content => content with { RelatedChanges = [content.RelatedChanges[0] with { Status = "Failed" }, content.RelatedChanges[1]] } },
        { "change gone", content => content with { RelatedChanges = [] } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_a_page_shows_changes_its_fingerprint(string what, Func<AlertContent, AlertContent> change) =>
        Assert.True(Of(change(Content)) != Of(Content), what);

    [Fact]
    public void Another_severity_of_PagerDuty_changes_it() => Assert.NotEqual(
        PageContent.Fingerprint(AlertOf(Content), "warning", NoMapping), PageContent.Fingerprint(AlertOf(Content), "critical", NoMapping));

    [Fact]
    public void The_same_content_in_another_order_and_another_reading_do_not()
    {
        var same = Content with
        {
            Tags = new ReadOnlyDictionary<string, TagValue>(new Dictionary<string, TagValue>(Content.Tags.Reverse())),
            Alerts = [.. Content.Alerts.Reverse().Select(alert => alert with { Description = "CPU is 95%" })],
            RelatedChanges = [.. Content.RelatedChanges.Reverse()],
            Environments = [.. Content.Environments.Reverse()],
            Environment = new IncidentEnvironment("env-2", null),
            Url = "https://a.bigpanda.io/2",
        };

        Assert.Equal(Of(Content), Of(same));
    }

    [Fact]
    public void A_field_that_is_not_shown_does_not_count()
    {
        var mapping = new PageMapping { ShowsPriority = false, ShowsAssignee = false };

        Assert.Equal(Of(Content, mapping), Of(Content with { Priority = "2", Assignee = "bob" }, mapping));
    }

    [Fact]
    public void The_mapping_counts_and_so_do_the_alerts_tags_that_it_names()
    {
        var mapping = new PageMapping { Tags = [new MappedTag("host", "component")] };
        var moved = Content with { Alerts = [Content.Alerts[0] with { Tags = Tag("host", "web9") }, Content.Alerts[1]] };

        Assert.NotEqual(Of(Content), Of(Content, mapping));
        Assert.NotEqual(Of(moved, mapping), Of(Content, mapping));
        Assert.Equal(Of(moved), Of(Content));
    }

    [Fact]
    public void An_acknowledgement_in_BigPanda_changes_the_statuses_alone()
    {
        var acknowledged = Content with
        {
            IncidentStatus = "acknowledged",
            Alerts = [.. Content.Alerts.Select(alert => alert with { Status = "acknowledged" })],
        };

        Assert.Equal(Of(Content).Details, Of(acknowledged).Details);
        Assert.NotEqual(Of(Content).Statuses, Of(acknowledged).Statuses);
    }

    [Fact]
    public void Another_episode_changes_it() => Assert.NotEqual(
        Of(Content),
        PageContent.Fingerprint(AlertOf(Content) with { Life = new LifeState { LastFiredAt = DateTimeOffset.UnixEpoch } }, "critical", NoMapping));

    /// <summary>It is stored: another process, and the next version, must find the same.</summary>
    [Fact]
    public void It_never_changes() => Assert.Equal(new PageFingerprint(8748851397265272067UL, 6078651380760072444UL), Of(Content));

    private static Dictionary<string, TagValue> Tag(string name, string value) => new() { [name] = TagValue.Of(value) };

    private static Alert AlertOf(AlertContent content) => new() { IncidentId = "incident", Content = content };

    private static PageFingerprint Of(AlertContent content, PageMapping? mapping = null) =>
        PageContent.Fingerprint(AlertOf(content), "critical", mapping ?? NoMapping);
}
