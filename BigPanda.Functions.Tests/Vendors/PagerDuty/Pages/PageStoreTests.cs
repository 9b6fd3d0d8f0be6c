using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Pages;

/// <summary>The rows of pages in a real table.</summary>
public sealed class PageStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const string PageId = "20261101100000-1";

    private readonly CancellationToken _none = CancellationToken.None;
    private readonly PageStore _pages = new(azurite.TableServiceClient);

    private TableClient Table => azurite.TableServiceClient.GetTableClient(TableNames.Pages);

    [Fact]
    public async Task A_page_comes_back_whole()
    {
        var page = await NewAsync() with
        {
            Incident = new PagerIncident($"P{Guid.NewGuid():N}", "https://acme.pagerduty.com/incidents/P1"),
            ChangedAt = Deliveries.At(20),
            Triggers = 2,
            Resolves = 1,
            Checks = 3,
            Shown = "0123",
            ShownBy = "page-1",
            ShownFiring = Deliveries.At(19),
            ShownSince = Deliveries.At(21),
            Opening = new ShownFacts(new Stamp(new Moment(Deliveries.At(1), Deliveries.At(2), 3)) { Fingerprint = 4 }),
            IsWithoutNotes = true,
        };

        var stored = await _pages.ChangeAsync(page.Key, page, same => same, _none);

        Assert.Equal(page, stored);
        Assert.Equal(page, await _pages.FindAsync(page.Key, _none));
    }

    /// <summary>Who resolves the page behind a further update has seen the firing all the same.</summary>
    [Fact]
    public async Task Since_when_a_page_shows_a_firing_is_the_first_event_with_it()
    {
        var page = await NewAsync();
        var opened = page.Accepted("one", "page-1", Firing(1), Deliveries.At(10));
        var updated = opened.Accepted("two", "page-1-1", Firing(1), Deliveries.At(20));
        var firedAgain = updated.Accepted("three", "page-1-2", Firing(30), Deliveries.At(40));
        var old = (page with { Triggers = 1 }).Accepted("two", "page-1-1", Firing(1), Deliveries.At(20));

        Assert.Equal([Deliveries.At(10), Deliveries.At(10), Deliveries.At(40), null], new[] { opened, updated, firedAgain, old }.Select(one => one.ShownSince));
        Assert.Equal((true, false), (IsBefore(updated, 10.9), IsBefore(updated, 11)));
        Assert.False(IsBefore(old, 0));

        static ShownFacts Firing(long second) => new(default) { FiredAt = Deliveries.At(second) };
        static bool IsBefore(StoredPage page, double second) =>
            page.WithSeen(new("incident", PageId, PageChange.Resolved, "grace", null, Deliveries.At(0).AddSeconds(second), "message")).IsBeforeShown;
    }

    [Theory]
    [InlineData("a/b\\c#d?e:%f é🔥")]
    [InlineData(300)]
    public async Task Any_incident_s_page_is_found_by_its_key(object id)
    {
        var incidentId = id as string ?? new string('x', (int)id);
        var page = await NewAsync(incidentId + Guid.NewGuid().ToString("N"));

        await _pages.ChangeAsync(page.Key, page, same => same, _none);

        Assert.True(DedupKey.TryRead(page.Key.Text, out var read));
        Assert.Equal(page.IncidentId, (await _pages.FindAsync(read, _none))?.IncidentId);
    }

    [Fact]
    public async Task Pages_are_found_by_PagerDutys_incident_also_several_of_one()
    {
        var (one, other) = (await NewAsync(), await NewAsync());
        var incident = new PagerIncident($"P{Guid.NewGuid():N}", null);
        await _pages.ChangeAsync(one.Key, one, same => same with { Triggers = 2 }, _none);

        await _pages.LinkAsync(one.Key, incident, _none);
        await _pages.LinkAsync(other.Key, incident, _none);

        var found = await _pages.FindByPagerIncidentAsync(incident.Id, _none);
        Assert.Equivalent(new[] { one.IncidentId, other.IncidentId }, found.Select(page => page.IncidentId));
        Assert.Equal(2, found.Single(page => page.IncidentId == one.IncidentId).Triggers);
        Assert.Empty(await _pages.FindByPagerIncidentAsync("another", _none));
    }

    [Fact]
    public async Task A_key_with_a_hash_alone_names_no_incident_unless_its_page_is_stored()
    {
        var page = await NewAsync(Guid.NewGuid().ToString("N") + new string('x', 300));
        var incident = new PagerIncident($"P{Guid.NewGuid():N}", null);

        Assert.Null(await _pages.LinkAsync(page.Key, incident, _none));
        await _pages.ChangeAsync(page.Key, page, same => same, _none);

        Assert.Equal(page.IncidentId, (await _pages.LinkAsync(page.Key, incident, _none))?.IncidentId);
    }

    [Fact]
    public async Task Two_instances_that_change_a_page_lose_nothing()
    {
        var page = await NewAsync();
        await _pages.ChangeAsync(page.Key, page, same => same, _none);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _pages.ChangeAsync(
            page.Key, null, before => before with { Triggers = before.Triggers + 1 }, _none)));

        Assert.Equal(4, (await _pages.FindAsync(page.Key, _none))?.Triggers);
    }

    [Fact]
    public async Task Open_pages_are_listed_until_they_are_over_and_again_when_reopened()
    {
        var page = await NewAsync();
        await _pages.ChangeAsync(page.Key, page, same => same, _none);
        Assert.True(await IsListedAsync(page));

        await _pages.MarkAsync(page.Key, isOver: true, Deliveries.At(10), _none);
        Assert.False(await IsListedAsync(page));

        await _pages.MarkAsync(page.Key, isOver: false, Deliveries.At(20), _none);
        Assert.True(await IsListedAsync(page));
    }

    [Fact]
    public async Task A_change_that_comes_after_a_newer_one_does_not_count_unless_it_was_seen_here()
    {
        var page = await NewAsync();
        await _pages.ChangeAsync(page.Key, page, same => same, _none);
        await _pages.MarkAsync(page.Key, isOver: false, Deliveries.At(20), _none);

        await _pages.MarkAsync(page.Key, isOver: true, Deliveries.At(10), _none);
        Assert.True(await IsListedAsync(page));

        await _pages.MarkAsync(page.Key, isOver: true, at: null, _none);
        Assert.False(await IsListedAsync(page));
        await _pages.MarkAsync(page.Key, isOver: false, Deliveries.At(19), _none);
        Assert.False(await IsListedAsync(page));
    }

    [Fact]
    public async Task An_unknown_page_is_not_marked()
    {
        var page = await NewAsync();

        Assert.Null(await _pages.MarkAsync(page.Key, isOver: false, Deliveries.At(0), _none));
        Assert.Null(await _pages.FindAsync(page.Key, _none));
    }

    [Fact]
    public async Task Pages_that_are_over_are_removed_with_what_finds_them_and_open_ones_stay()
    {
        var (open, over) = (await NewAsync(), await NewAsync());
        var incident = new PagerIncident($"P{Guid.NewGuid():N}", null);
        await _pages.ChangeAsync(open.Key, open, page => page with { Incident = incident }, _none);
        await _pages.ChangeAsync(over.Key, over, page => page with { Incident = incident, IsOver = true }, _none);
        var written = (await Table.GetEntityAsync<TableEntity>("page", TableKey.Of(over.Key.Text))).Value.Timestamp ?? default;

        await _pages.RemoveOldAsync(written, _none);
        Assert.NotNull(await _pages.FindAsync(over.Key, _none));
        await _pages.RemoveOldAsync(written.AddSeconds(1), _none);

        Assert.Null(await _pages.FindAsync(over.Key, _none));
        Assert.Equal(open.IncidentId, Assert.Single(await _pages.FindByPagerIncidentAsync(incident.Id, _none)).IncidentId);
        Assert.False((await Table.GetEntityIfExistsAsync<TableEntity>($"pager|{incident.Id}", TableKey.Of(over.Key.Text))).HasValue);
    }

    [Fact]
    public async Task What_finds_a_page_by_an_incident_that_was_merged_stays_as_long_as_the_page()
    {
        var (first, merged) = (new PagerIncident($"P{Guid.NewGuid():N}", null), new PagerIncident($"P{Guid.NewGuid():N}", null));
        var page = await NewAsync();
        await _pages.ChangeAsync(page.Key, page, one => one with { Incident = first }, _none);
        await _pages.LinkAsync(page.Key, merged, _none);
        var written = (await Table.GetEntityAsync<TableEntity>("page", TableKey.Of(page.Key.Text))).Value.Timestamp ?? default;

        await _pages.RemoveOldAsync(written.AddMinutes(1), _none);
        Assert.Single(await _pages.FindByPagerIncidentAsync(first.Id, _none));
        await _pages.MarkAsync(page.Key, isOver: true, at: null, _none);
        await _pages.RemoveOldAsync(written.AddMinutes(1), _none);

        Assert.Empty(await Table.QueryAsync<TableEntity>(row => row.RowKey == TableKey.Of(page.Key.Text)).ToListAsync());
    }

    [Fact]
    public async Task What_another_integration_paged_is_completed_in_any_order()
    {
        await Table.CreateIfNotExistsAsync();
        var foreign = new ForeignPageStore(azurite.TableServiceClient);
        var page = new ForeignPage($"i/{Guid.NewGuid():N}", new PagerIncident("P/1", null));
        await foreign.AddAsync(page with { ResolvedAt = Deliveries.At(60) }, _none);
        await foreign.AddAsync(page with { OpenedAt = Deliveries.At(5), Incident = new PagerIncident("P/1", "https://acme.pagerduty.com/P1") }, _none);
        await foreign.AddAsync(page with { OpenedAt = Deliveries.At(9), ResolvedAt = Deliveries.At(50) }, _none);

        var expected = page with
        {
            OpenedAt = Deliveries.At(5),
            ResolvedAt = Deliveries.At(60),
            Incident = new PagerIncident("P/1", "https://acme.pagerduty.com/P1"),
        };
        Assert.Equal(expected, Assert.Single(await foreign.ListAsync(_none).Where(one => one.IncidentId == page.IncidentId).ToListAsync()));
    }

    private async Task<bool> IsListedAsync(StoredPage page) => await _pages.ListOpenAsync(_none).AnyAsync(open => open.Key == page.Key);

    private async Task<StoredPage> NewAsync(string? incidentId = null)
    {
        await Table.CreateIfNotExistsAsync();
        var id = incidentId ?? $"incident{Guid.NewGuid():N}";
        return new StoredPage(DedupKey.Of(id, PageId), id);
    }
}
