using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

/// <summary>Which resolved alerts have a page that nothing will end, and which rule chooses the key of a page.</summary>
public sealed class LeftOpenPagesTests
{
    private static readonly Alert Resolved = Apply(New(10), Closed(20)).Alert;
    private static readonly DateTimeOffset Now = At(100_000);

    private static readonly Page Open = new() { Id = "20261101100000-1", Key = new PageKey("key"), Status = PageStatus.Open, UpdatedAt = At(20) };

    public static TheoryData<string, Page, bool> Pages => new()
    {
        { "open", Open, true },
        { "being opened", Open with { Status = PageStatus.Opening }, true },
        { "being resolved", Open with { Status = PageStatus.Resolving }, false },
        { "resolved", Open with { Status = PageStatus.Resolved }, false },
        { "a shadow", Open with { IsShadow = true }, false },
        { "with an action under way", Open with { IsPending = true, UpdatedAt = Now.AddSeconds(-1) }, false },
        { "with an action that was lost", Open with { IsPending = true }, true },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_left_open_when_it_is_open_and_nothing_is_under_way(string what, Page page, bool isLeftOpen)
    {
        Assert.True(isLeftOpen == HasLeftOpen(PagerState.None.Open(page)), what);
        Assert.True(isLeftOpen == HasLeftOpen(PagerState.None.Open(page).Open(Open with { Status = PageStatus.Resolved })), $"earlier, {what}");
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    public void A_step_that_is_still_due_ends_it(int secondsAhead, bool isLeftOpen) =>
        Assert.Equal(isLeftOpen, HasLeftOpen(PagerState.None.Open(Open) with { DueAt = Now.AddSeconds(secondsAhead) }));

    [Fact]
    public void A_firing_alert_and_a_policy_that_sends_no_resolves_leave_none_open()
    {
        var pager = PagerState.None.Open(Open);

        Assert.False(HasLeftOpen(pager, alert: Apply(New(10)).Alert));
        Assert.False(HasLeftOpen(pager, Direction.In));
        Assert.False(HasLeftOpen(null));
    }

    [Theory]
    [InlineData("critical", null, "one", "severity")]
    [InlineData(null, "critical", "one", "severity")]
    [InlineData("warning", "critical", "one", "default")]
    [InlineData("warning", null, "night", "source")]
    [InlineData("warning", null, "one,night", "source")]
    public void A_rule_matches_the_severity_or_else_the_status_and_any_of_the_sources(string? severity, string? status, string sources, string key)
    {
        var policy = new PagingPolicy
        {
            DefaultKeyId = "default",
            Keys = new Dictionary<string, string> { ["severity"] = "severity", ["source"] = "source" },
            Rules = [new PagingRule(null, "critical", null, "severity"), new PagingRule(null, null, "night", "source")],
        };
        var alert = Resolved with { Content = new AlertContent { Severity = severity, IncidentStatus = status }, Sources = sources.Split(',') };

        Assert.Equal(key, PageRouting.Choose(alert, policy, PagedAlert.Headers).Key?.Id);
    }

    private static bool HasLeftOpen(PagerState? pager, Direction resolve = Direction.Out, Alert? alert = null) =>
        new PagerDutyPlanner(new PagingPolicy { Resolve = resolve }, PagedAlert.Headers).HasLeftOpen((alert ?? Resolved) with { PagerDuty = pager }, Now);
}
