using System.Text;
using Azure.Data.Tables;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Monitors.Relay;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>The relay's tables as Azurite keeps them.</summary>
public sealed class RelayStoresTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Then = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_parked_alerts_of_an_identity_are_found_in_the_order_of_their_numbers_and_come_back_whole()
    {
        var store = await ParkedAsync();
        var large = $$"""{"status":"ok","text":"{{new string('ü', 90_000)}}"}""";
        foreach (var number in new long[] { 100, 9, 10 }) await store.AddAsync(Parked("disk|web'1", number, large), None);
        await store.AddAsync(Parked("other", 1), None);

        List<long> numbers = [];
        while (await store.FindFirstAsync("azure", "disk|web'1", None) is { } first)
        {
            Assert.Equal(("disk|web'1", large, Then), (first.Identity, Encoding.UTF8.GetString(first.Alert.Json.Span), first.Alert.ReceivedAt));
            Assert.Equal((TimeSpan.FromHours(3), "00-1-1-01"), (first.Alert.OkAfter, first.Alert.TraceParent));
            numbers.Add(first.Number);
            await store.RemoveAsync(first, None);
        }

        Assert.Equal([9, 10, 100], numbers);
        Assert.Equal("other", (await store.FindNextAsync("azure", ParkedAlertStore.FirstPlace, None))?.Identity);
        Assert.Null(await store.FindNextAsync("azure", ParkedAlertStore.PlaceAfter("other"), None));
        Assert.Null(await store.FindNextAsync("grafana", ParkedAlertStore.FirstPlace, None));
    }

    [Fact]
    public async Task A_hold_ends_only_if_no_alert_was_parked_since_it_was_read()
    {
        var store = await ParkedAsync();
        await store.AddAsync(Parked("a", 1), None);
        var read = await store.FindHoldAsync("azure", None) ?? throw new InvalidOperationException("There is no hold.");
        await store.AddAsync(Parked("b", 2), None);

        Assert.False(await store.TryEndAsync(read, None));
        await store.SaveAsync(read with { Refused = "keys", Reason = "401", NotBefore = Then, Refusals = 2, Round = 7 }, None);
        var current = await store.FindHoldAsync("azure", None) ?? throw new InvalidOperationException("The hold has ended.");

        Assert.Equal(("keys", "401", Then, 2, 7L), (current.Refused, current.Reason, current.NotBefore, current.Refusals, current.Round));
        Assert.True(await store.TryEndAsync(current, None));
        Assert.Null(await store.FindHoldAsync("azure", None));
    }

    [Fact]
    public async Task A_sources_alerts_are_counted_and_deleted_though_two_delete_them_at_once()
    {
        var store = await ParkedAsync();
        for (var i = 0; i < 250; i++) await store.AddAsync(Parked($"host-{i}", i), None);
        await store.AddAsync(Parked("router", 1) with { Alert = Parked("router", 1).Alert with { SourceId = "grafana" } }, None);
        Assert.Equal((250, Then), ((await store.CountAsync("azure", None)).Alerts, (await store.CountAsync("azure", None)).Oldest));

        await Task.WhenAll(store.RemoveSourceAsync("azure", None), store.RemoveSourceAsync("azure", None));

        Assert.Equal((0, 1), ((await store.CountAsync("azure", None)).Alerts, (await store.CountAsync("grafana", None)).Alerts));
        Assert.Null(await store.FindHoldAsync("azure", None));
        Assert.Equal(0, await store.RemoveOlderAsync(Then, 1000, None));
        Assert.Equal(1, await store.RemoveOlderAsync(Then.AddSeconds(1), 1000, None));
    }

    [Fact]
    public async Task Of_two_deliveries_that_save_what_was_sent_the_first_counts()
    {
        var store = new SentAlertStore(await TablesAsync());
        var critical = AlertFacts.Read("""{"status":"critical","timestamp":100}"""u8.ToArray());
        var ok = AlertFacts.Read("""{"status":"ok","timestamp":101}"""u8.ToArray());
        var alert = Parked("host", 1).Alert;
        await store.SaveAsync(alert, critical, Then, null, None);
        await store.SaveAsync(alert, ok, Then, null, None);
        var before = await store.FindAsync("azure", "host", None);
        Assert.Equal(
            (critical.Digest, 100L, false, Then, Then), (before?.Digest, before?.Timestamp, before?.IsOk, before?.SentAt, before?.ReceivedAt));

        await store.SaveAsync(alert, ok, Then.AddHours(1), before, None);
        await store.SaveAsync(alert, critical, Then.AddHours(2), before, None);

        Assert.Equal((ok.Digest, 101L, true), await FindAsync());
        await store.RemoveOlderAsync(Then.AddHours(1), 100, None);
        Assert.NotNull(await store.FindAsync("azure", "host", None));
        await store.RemoveOlderAsync(Then.AddHours(1).AddSeconds(1), 100, None);
        Assert.Null(await store.FindAsync("azure", "host", None));

        async Task<(string?, long?, bool?)> FindAsync() =>
            await store.FindAsync("azure", "host", None) is { } sent ? (sent.Digest, sent.Timestamp, sent.IsOk) : default;
    }

    [Fact]
    public async Task An_ok_is_due_at_the_time_of_the_last_firing_and_only_its_sources()
    {
        var store = new MonitorOkStore(await TablesAsync());
        var alert = Parked("health", 1).Alert;
        await store.SaveAsync(alert, Then, None);
        await store.SaveAsync(alert, Then.AddHours(1), None);
        await store.SaveAsync(alert with { SourceId = "grafana" }, Then, None);

        Assert.Empty(await store.ListDueAsync("azure", Then.AddMinutes(59), 10, None));
        var (due, at) = Assert.Single(await store.ListDueAsync("azure", Then.AddHours(1), 10, None));
        Assert.Equal(("azure", "health", TimeSpan.FromHours(3), Then.AddHours(1)), (due.SourceId, due.Identity, due.OkAfter, at));
        Assert.Equal(at, await store.FindDueAsync("azure", "health", None));

        await store.RemoveSourceAsync("azure", None);
        Assert.Empty(await store.ListDueAsync("azure", Then.AddDays(1), 10, None));
        Assert.Single(await store.ListDueAsync("grafana", Then.AddDays(1), 10, None));
    }

    private static ParkedAlert Parked(string identity, long number, string json = """{"status":"critical"}""") => new(
        new RelayedAlert("azure", identity, Encoding.UTF8.GetBytes(json), Then) { OkAfter = TimeSpan.FromHours(3), TraceParent = "00-1-1-01" }, number);

    private async Task<ParkedAlertStore> ParkedAsync() => new(await TablesAsync(), NullLogger<ParkedAlertStore>.Instance);

    private async Task<TableServiceClient> TablesAsync()
    {
        var table = await azurite.NewTableAsync();
        var tables = new Mock<TableServiceClient>();
        tables.Setup(service => service.GetTableClient(It.IsAny<string>())).Returns(table);
        return tables.Object;
    }
}
