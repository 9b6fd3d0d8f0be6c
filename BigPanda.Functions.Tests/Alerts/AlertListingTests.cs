using BigPanda.Functions.Alerts;
using BigPanda.Functions.Incidents;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts;

/// <summary>The tables are shared with other tests, so each test lists an environment of its own.</summary>
public class AlertListingTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly string _environment = $"env-{Guid.NewGuid():N}";
    private int _clock;

    private AlertStore Store => new(azurite.TableServiceClient);

    private AlertIndex Index => new(azurite.TableServiceClient);

    public async Task InitializeAsync()
    {
        foreach (var name in TableNames.All) await azurite.TableServiceClient.CreateTableIfNotExistsAsync(name);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_newest_change_comes_first()
    {
        await ApplyAsync("a", New(10));
        await ApplyAsync("b", New(10));
        await ApplyAsync("a", Updated(11));

        Assert.Equal(["a", "b"], await ListAsync(new AlertQuery()));
    }

    [Fact]
    public async Task Firing_and_resolved_alerts_come_in_one_order()
    {
        await ApplyAsync("a", New(10));
        await ApplyAsync("b", New(10));
        await ApplyAsync("c", New(10));
        await ApplyAsync("b", Closed(20));
        await ApplyAsync("a", Updated(30));

        Assert.Equal(["a", "b", "c"], await ListAsync(new AlertQuery()));
        Assert.Equal(["a", "c"], await ListAsync(new AlertQuery { Status = AlertStatus.Firing }));
        Assert.Equal(["b"], await ListAsync(new AlertQuery { Status = AlertStatus.Resolved }));
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

        List<string> seen = [];
        string? after = null;
        do
        {
            var page = await Listing().ListAsync(new AlertQuery { Status = status, Environment = _environment, Limit = 3, After = after }, _none);
            seen.AddRange(page.Alerts.Select(alert => alert.Content.Tags["name"].Text));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(7, seen.Count);
        Assert.Equal(7, seen.Distinct().Count());
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

    [Fact]
    public async Task A_row_left_behind_by_a_crash_shows_nothing_untrue()
    {
        var firing = await ApplyAsync("a", New(10));
        var closed = AlertLifecycle.Decide(firing.Alert, Named("a", Closed(20)), At(900));
        await Store.SaveAsync(firing, closed, _none);

        Assert.Empty(await ListAsync(new AlertQuery()));

        await Index.UpdateAsync(null, closed.Alert, _none);
        Assert.Equal(["a"], await ListAsync(new AlertQuery { Status = AlertStatus.Resolved }));
    }

    private AlertListing Listing() => new(azurite.TableServiceClient, Store);

    private async Task<string[]> ListAsync(AlertQuery query)
    {
        var page = await Listing().ListAsync(query with { Environment = _environment }, _none);
        return [.. page.Alerts.Select(alert => alert.Content.Tags["name"].Text)];
    }

    private async Task<StoredAlert> ApplyAsync(string name, IncidentReported reported)
    {
        var evt = Named(name, reported);
        var loaded = await Store.LoadAsync(evt.IncidentId, _none);
        var decision = AlertLifecycle.Decide(loaded?.Alert, evt, At(100 + _clock++));
        var saved = await Store.SaveAsync(loaded, decision, _none);
        await Index.UpdateAsync(loaded?.Alert, decision.Alert, _none);
        return saved ?? throw new InvalidOperationException("Not saved.");
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
