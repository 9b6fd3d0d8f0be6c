using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Json;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Storage;

/// <summary>The tables are shared with other tests, so each test lists a separate environment.</summary>
public class AlertListingTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly string _environment = $"env-{Guid.NewGuid():N}";

    private AlertStore Store => new(azurite.TableServiceClient);

    private AlertIndex Index => new(azurite.TableServiceClient);

    public async Task InitializeAsync()
    {
        foreach (var name in TableNames.All) await azurite.TableServiceClient.CreateTableIfNotExistsAsync(name);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_one_that_fired_last_comes_first_whatever_changed_since()
    {
        await ApplyAsync("a", New(10));
        await ApplyAsync("b", New(20));
        await ApplyAsync("a", Updated(30));

        Assert.Equal(["b", "a"], await ListAsync(new AlertQuery()));
    }

    [Fact]
    public async Task Firing_and_resolved_alerts_come_in_one_order()
    {
        await ApplyAsync("a", New(12));
        await ApplyAsync("b", New(11));
        await ApplyAsync("c", New(10));
        await ApplyAsync("b", Closed(20));
        await ApplyAsync("c", Updated(30));

        Assert.Equal(["a", "b", "c"], await ListAsync(new AlertQuery()));
        Assert.Equal(["a", "c"], await ListAsync(new AlertQuery { Status = AlertStatus.Firing }));
        Assert.Equal(["b"], await ListAsync(new AlertQuery { Status = AlertStatus.Resolved }));
    }

    /// <summary>Azurite would take it.</summary>
    [Fact]
    public async Task No_row_has_a_time_that_Table_Storage_refuses()
    {
        var fired = Apply(New(10)).Alert;
        var old = fired with { Life = fired.Life with { LastFiredAt = DateTimeOffset.MinValue } };
        var tables = new MemoryTables(TimeProvider.System);
        await new AlertIndex(tables).WriteAsync(old, null, _none);

        var row = await tables.GetTableClient(TableNames.FiringAlerts).FindAsync(IncidentId, AlertIndex.FiringRow, _none);

        var times = row?.Select(column => column.Value).OfType<DateTimeOffset>().ToList() ?? [];
        Assert.NotEmpty(times);
        Assert.All(times, time => Assert.InRange(time.Year, 1601, 9999));
    }

    [Fact]
    public async Task A_reopened_alert_is_listed_once()
    {
        await ApplyAsync("a", New(10));
        await ApplyAsync("a", Closed(20));
        await ApplyAsync("a", Reopened(30));

        Assert.Equal(["a"], await ListAsync(new AlertQuery()));
        Assert.Empty(await ListAsync(new AlertQuery { Status = AlertStatus.Resolved }));
    }

    [Theory]
    [InlineData(AlertStatus.Firing)]
    [InlineData(AlertStatus.Resolved)]
    [InlineData(null)]
    public async Task Pages_cover_every_alert_once(AlertStatus? status)
    {
        for (var i = 0; i < 7; i++)
        {
            await ApplyAsync($"{i}", New(10));
            if (status == AlertStatus.Resolved || (status is null && i % 2 == 0)) await ApplyAsync($"{i}", Closed(20));
        }

        var seen = await AllPagesAsync(new AlertQuery { Status = status, Limit = 3 });

        // Rows written in the second in which paging began come again after the last page.
        Assert.Equal(7, seen.Distinct().Count());
    }

    /// <summary>The page ends while the first response of the table is being read.</summary>
    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(3, AlertPage.IncludeAlerts)]
    public async Task A_page_of_resolved_alerts_has_a_continuation_that_can_be_used(int limit, params string[] include)
    {
        for (var i = 0; i < 20; i++)
        {
            await ApplyAsync($"{i}", New(10));
            await ApplyAsync($"{i}", Closed(20));
        }

        var query = new AlertQuery { Status = AlertStatus.Resolved, Limit = limit };
        var (first, next, _) = await PageAsync(query, include);
        var (second, _, _) = await PageAsync(query with { Position = next }, include);

        Assert.NotNull(next);
        Assert.Equal((limit, Math.Min(limit, 20 - limit)), (first.Length, second.Except(first).Count()));
    }

    [Fact]
    public async Task Filters_match_without_regard_to_case()
    {
        await ApplyAsync("a", New(10, "Critical"));
        await ApplyAsync("b", New(10, "Warning"));

        Assert.Equal(["b"], await ListAsync(new AlertQuery { Severity = "WARNING" }));
        Assert.Equal(["a"], await ListAsync(new AlertQuery { Search = "TAGGED-A" }));
        Assert.Empty(await ListAsync(new AlertQuery { Search = "no such text" }));
    }

    /// <summary>Whoever has taken the alert on: BigPanda shows it, or PagerDuty.</summary>
    [Fact]
    public async Task Alerts_are_listed_by_whether_they_are_acknowledged()
    {
        await ApplyAsync("a", New(10), incident => incident with { Status = "Acknowledged" });
        await ApplyAsync("b", New(20));
        await ApplyAsync("c", New(30));
        await AcknowledgeAsync("c");
        await ApplyAsync("d", New(40), incident => incident with { Status = "Acknowledged" });
        await ApplyAsync("d", Closed(50));

        Assert.Equal(["c", "a"], await ListAsync(new AlertQuery { Acknowledged = true }));
        Assert.Equal(["d", "b"], await ListAsync(new AlertQuery { Acknowledged = false }));
        Assert.Equal(["c", "a"], await ListAsync(new AlertQuery { Acknowledged = true, Status = AlertStatus.Firing }));
        Assert.Equal(["d"], await ListAsync(new AlertQuery { Acknowledged = false, Status = AlertStatus.Resolved }));
    }

    [Fact]
    public async Task A_row_of_an_earlier_version_does_not_say_who_has_taken_the_alert_on_and_the_alert_does()
    {
        var stored = await ApplyAsync("a", New(10), incident => incident with { Status = "Acknowledged" });
        var rows = azurite.TableServiceClient.GetTableClient(TableNames.FiringAlerts);
        TableEntity row = await rows.GetEntityAsync<TableEntity>(TableKey.Of(stored.Alert.IncidentId), AlertIndex.FiringRow);
        row.Remove(AlertIndex.AcknowledgedColumn);
        await rows.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);

        Assert.Equal(["a"], await ListAsync(new AlertQuery { Acknowledged = true }));
        Assert.Empty(await ListAsync(new AlertQuery { Acknowledged = false }));
    }

    [Fact]
    public async Task An_acknowledged_alert_that_fires_again_between_pages_is_not_skipped()
    {
        for (var i = 0; i < 12; i++) await ApplyAsync($"{i}", New(100 + i), incident => incident with { Status = "Acknowledged" });

        var seen = await AllPagesAsync(new AlertQuery { Acknowledged = true, Limit = 4 }, async page =>
        {
            if (page != 1) return;
            await ApplyAsync("0", Reopened(310), incident => incident with { Status = "Acknowledged" });
            await ApplyAsync("0", Closed(300), incident => incident with { Status = "Acknowledged" });
            await ApplyAsync("2", Updated(400));
        });

        Assert.Equal(Enumerable.Range(0, 12).Where(i => i != 2).Select(i => $"{i}").Order(), seen.Distinct().Where(name => name != "2").Order());
    }

    [Fact]
    public async Task A_row_left_behind_by_a_crash_shows_nothing_untrue()
    {
        var firing = await ApplyAsync("a", New(10));
        var closed = AlertLifecycle.Decide(firing.Alert, Named("a", Closed(20)), At(900));
        await Store.SaveAsync(firing, closed, _none);

        Assert.Empty(await ListAsync(new AlertQuery { Status = AlertStatus.Firing }));

        // The first read has repaired the row.
        Assert.Equal(["a"], await ListAsync(new AlertQuery { Status = AlertStatus.Resolved }));
    }

    [Fact]
    public async Task A_row_whose_removal_was_lost_is_removed_by_the_sweep()
    {
        var firing = await ApplyAsync("a", New(10));
        await ApplyAsync("a", Closed(20));
        await Index.WriteAsync(firing.Alert, null, _none);

        Assert.InRange(await Listing().SweepAsync(_none), 1, int.MaxValue);

        var rows = azurite.TableServiceClient.GetTableClient(TableNames.FiringAlerts);
        Assert.False((await rows.GetEntityIfExistsAsync<TableEntity>(TableKey.Of(firing.Alert.IncidentId), AlertIndex.FiringRow)).HasValue);
        Assert.Equal(["a"], await ListAsync(new AlertQuery()));
    }

    [Fact]
    public async Task A_row_that_was_written_late_is_brought_up_to_date_by_the_sweep()
    {
        var fired = await ApplyAsync("a", New(10));
        await ApplyAsync("a", Updated(20, "warning"));
        await Index.WriteAsync(fired.Alert, null, _none);

        await Listing().SweepAsync(_none);

        var rows = azurite.TableServiceClient.GetTableClient(TableNames.FiringAlerts);
        Assert.Equal("warning", (await rows.FindAsync(TableKey.Of(fired.Alert.IncidentId), AlertIndex.FiringRow, _none))?.GetString("Severity"));
    }

    [Fact]
    public async Task The_row_of_an_alert_whose_transaction_is_still_under_way_stays()
    {
        var decision = AlertLifecycle.Decide(null, Named("a", New(10)), TimeProvider.System.GetUtcNow());
        await Index.WriteAsync(decision.Alert, null, _none);
        var listing = new AlertListing(azurite.TableServiceClient, Store, Index);
        var firing = new AlertQuery { Status = AlertStatus.Firing, Environment = _environment };
        await foreach (var _ in listing.ReadAsync(firing, _none)) Assert.Fail("There is no alert yet.");

        await Store.SaveAsync(null, decision, _none);

        Assert.Equal(["a"], await ListAsync(new AlertQuery { Status = AlertStatus.Firing }));
    }

    [Theory]
    [InlineData(AlertStatus.Firing)]
    [InlineData(null)]
    public async Task An_alert_that_fires_again_or_is_resolved_between_pages_is_on_a_later_one(AlertStatus? status)
    {
        for (var i = 0; i < 12; i++) await ApplyAsync($"{i}", New(100 + i));

        // Pages run from 11 down: 0 would be on the last, and moves to the front; 1 is resolved before its page comes.
        var seen = await AllPagesAsync(new AlertQuery { Status = status, Limit = 4 }, async page =>
        {
            if (page != 1) return;
            await ApplyAsync("0", Closed(300));
            await ApplyAsync("0", Reopened(310));
            if (status is null) await ApplyAsync("1", Closed(320));
        });

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}").Order(), seen.Distinct().Order());
    }

    [Fact]
    public async Task A_search_finds_every_host_tag_and_description_composed_or_not()
    {
        await ApplyAsync("a", New(10), incident => incident with
        {
            Alerts = [.. Enumerable.Range(0, 300).Select(i => new IncidentAlert
            {
                Id = $"{i}",
                Description = $"Disk {i} is full",
                Tags = new Dictionary<string, TagValue> { ["host"] = TagValue.Of($"web-{i}.example"), ["owner"] = TagValue.Of("Rene\u0301e") },
            })],
        });

        foreach (var text in new[] { "WEB-299.example", "disk 299 is", "Ren\u00e9e", "RENE\u0301E" })
            Assert.Equal(["a"], await ListAsync(new AlertQuery { Search = text }));
        Assert.Empty(await ListAsync(new AlertQuery { Search = "web-300.example" }));
    }

    [Fact]
    public async Task A_page_is_a_mebibyte_at_most_with_and_without_details()
    {
        const int Alerts = 8;
        for (var i = 0; i < Alerts; i++)
        {
            await ApplyAsync($"{i}", New(100 + i), incident => incident with
            {
                Alerts =
                [
                    .. Enumerable.Range(0, 60).Select(n => new IncidentAlert
                    {
                        Id = $"{n}",
                        Description = new string('x', 10_000),
                        Tags = new Dictionary<string, TagValue> { ["host"] = TagValue.Of($"h{n:D2}") },
                    }),
                ],
            });
        }

        var summaries = await PageAsync(new AlertQuery());
        Assert.Equal((Alerts, null), (summaries.Names.Length, summaries.Next));
        Assert.InRange(summaries.Bytes, 1, 64 * 1024);

        List<string> seen = [];
        for (var query = new AlertQuery(); ;)
        {
            var (names, next, bytes) = await PageAsync(query, AlertPage.IncludeAlerts);
            Assert.InRange(bytes, 600_000, AlertPage.MaxBytes + 1000);
            seen.AddRange(names);
            if (next is null || names.Length == 0) break;
            query = query with { Position = next };
            if (seen.Count >= Alerts) break;
        }

        Assert.Equal(Alerts, seen.Distinct().Count());
    }

    /// <summary>Reads as if every row were ten minutes old.</summary>
    private AlertListing Listing() => new(azurite.TableServiceClient, Store, Index) { RepairAfter = TimeSpan.FromMinutes(-1) };

    private async Task<string[]> ListAsync(AlertQuery query) => (await PageAsync(query)).Names;

    private async Task<(string[] Names, ListPosition? Next, int Bytes)> PageAsync(AlertQuery query, params string[] include)
    {
        query = query with { Environment = _environment, WithDetails = include.Length > 0 };
        var page = await new AlertPage(query, include).FillAsync(Listing().ReadAsync(query, _none), _none);
        var json = JsonElement.Parse(page.Span);
        var next = json.GetProperty("continuation").GetString() is { } text
            ? ListPosition.Parse(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(text)))
            : null;
        return (
            [.. json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("tags").GetProperty("name").GetString() ?? "")], next, page.Length);
    }

    /// <param name="between">Runs after each page.</param>
    private async Task<List<string>> AllPagesAsync(AlertQuery query, Func<int, Task>? between = null)
    {
        List<string> seen = [];
        for (var number = 1; ; number++)
        {
            var (names, next, _) = await PageAsync(query);
            Assert.InRange(names.Length, 0, query.Limit);
            seen.AddRange(names);
            if (next is null) return seen;
            Assert.InRange(number, 1, 50);
            query = query with { Position = next };
            if (between is not null) await between(number);
        }
    }

    private async Task<StoredAlert> ApplyAsync(string name, IncidentReported reported, Func<Incident, Incident>? change = null)
    {
        var evt = Named(name, reported);
        if (change is not null) evt = evt with { Incident = change(evt.Incident) };
        var loaded = await Store.LoadAsync(evt.IncidentId, _none);
        var decision = AlertLifecycle.Decide(loaded?.Alert, evt, TimeProvider.System.GetUtcNow());
        var saved = await Store.SaveAsync(loaded, decision, _none);
        await Index.WriteAsync(decision.Alert, null, _none);
        await Index.RemoveOldAsync(loaded?.Alert, decision.Alert, _none);
        return saved ?? throw new InvalidOperationException("Not saved.");
    }

    private async Task AcknowledgeAsync(string name)
    {
        var loaded = await Store.LoadAsync($"{_environment}-{name}", _none) ?? throw new InvalidOperationException("There is no such alert.");
        var page = new Page
        {
            Id = "20261101100000-1",
            Key = new PageKey("0123456789ab", "a key of a tag"),
            Status = PageStatus.Open,
            Acknowledgement = new Acknowledgement(At(35), ResolvedVia.PagerDuty, "grace"),
        };
        var decision = new Decision(loaded.Alert with { PagerDuty = new PagerState { Latest = page } }, Verdict.Applied, []);
        await Store.SaveAsync(loaded, decision, [], null, _none);
        await Index.WriteAsync(decision.Alert, null, _none);
    }

    private IncidentReported Named(string name, IncidentReported reported)
    {
        var incident = reported.Incident with
        {
            Id = $"{_environment}-{name}",
            Environment = new IncidentEnvironment(_environment, "All"),
            Tags = new Dictionary<string, TagValue> { ["name"] = TagValue.Of(name), ["label"] = TagValue.Of($"tagged-{name}") },
        };
        return reported with { Incident = incident, IncidentId = incident.Id };
    }
}
