using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Pages;

public sealed class OpenPagesTests
{
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly MemoryTables _tables = new(TimeProvider.System);
    private readonly PageStore _pages;
    private readonly OpenPages _open;

    public OpenPagesTests()
    {
        _pages = new PageStore(_tables);
        _open = new OpenPages(_pages, new AlertStore(_tables));
    }

    [Theory]
    [InlineData(PageStatus.Opening, true)]
    [InlineData(PageStatus.Open, true)]
    [InlineData(PageStatus.Resolving, true)]
    [InlineData(PageStatus.Resolved, false)]
    public async Task A_page_is_open_until_its_alert_knows_that_it_is_resolved(PageStatus status, bool isOpen)
    {
        await AddAsync("one", PagedAlerts.Page with { Status = status });

        Assert.Equal(isOpen, await _open.ListAsync(10, _none) is [{ IncidentId: "one" }]);
        Assert.Equal(isOpen, await _pages.ListOpenAsync(_none).AnyAsync());
    }

    [Fact]
    public async Task A_page_whose_alert_was_removed_is_over()
    {
        await _pages.ChangeAsync(KeyOf("gone"), new StoredPage(KeyOf("gone"), "gone"), page => page, _none);

        Assert.True(await _pages.ListOpenAsync(_none).AnyAsync());

        Assert.Empty(await _open.ListAsync(10, _none));

        Assert.False(await _pages.ListOpenAsync(_none).AnyAsync());
    }

    [Fact]
    public async Task A_page_that_was_reopened_stays_listed_until_its_alert_knows_that()
    {
        await AddAsync("one", PagedAlerts.Page with { Status = PageStatus.Resolved, ChangedAt = Deliveries.At(10) });
        await _pages.MarkAsync(KeyOf("one"), isOver: false, Deliveries.At(20), _none);

        Assert.Empty(await _open.ListAsync(10, _none));

        Assert.True(await _pages.ListOpenAsync(_none).AnyAsync());
    }

    /// <summary>A webhook marks the page while an action does: they are in different sessions.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_page_that_is_reopened_while_it_is_marked_as_over_stays_listed(int request)
    {
        await AddAsync("one", PagedAlerts.Page);
        _tables.Before(request, () => _pages.MarkAsync(KeyOf("one"), isOver: false, Deliveries.At(20), _none));

        await _pages.MarkAsync(KeyOf("one"), isOver: true, Deliveries.At(10), _none);

        Assert.True(_tables.HasInterfered);
        Assert.True(await _pages.ListOpenAsync(_none).AnyAsync());
    }

    [Fact]
    public async Task No_more_are_listed_than_asked_for()
    {
        for (var n = 0; n < 5; n++) await AddAsync($"{n}", PagedAlerts.Page);

        Assert.Equal(3, (await _open.ListAsync(3, _none)).Count);
    }

    private static DedupKey KeyOf(string incidentId) => DedupKey.Of(incidentId, PagedAlerts.Page.Id);

    private async Task AddAsync(string incidentId, Page page)
    {
        var alert = PagedAlerts.Of(page: page, incidentId: incidentId);
        Assert.NotNull(await new AlertStore(_tables).SaveAsync(null, new Decision(alert, Verdict.Applied, []), _none));
        await _pages.ChangeAsync(KeyOf(incidentId), new StoredPage(KeyOf(incidentId), incidentId), same => same, _none);
    }
}
