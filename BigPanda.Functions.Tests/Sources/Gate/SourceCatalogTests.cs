using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Api;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace BigPanda.Functions.Tests.Sources.Gate;

public sealed class SourceCatalogTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private readonly Mock<TableServiceClient> _tables = new();
    private TableClient _table = new Mock<TableClient>().Object;

    public async Task InitializeAsync()
    {
        _table = await azurite.NewTableAsync();
        _tables.Setup(tables => tables.GetTableClient(TableNames.Sources)).Returns(() => _table);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_is_made_on_one_instance_works_there_at_once_and_elsewhere_after_the_next_reading()
    {
        var (here, there) = (New(), New());
        await there.Catalog.RefreshAsync(CancellationToken.None);

        var (source, token) = await here.Register.CreateAsync(new NewSource("Production"), CancellationToken.None);
        Assert.Contains(SHA256.HashData(Encoding.UTF8.GetBytes(token.Value)), here.Catalog.Find(source.Id).Source.Tokens.Select(kept => kept.Sha256));
        Assert.Null(there.Catalog.SourceOf(source.Id));

        await there.Catalog.RefreshAsync(CancellationToken.None);
        Assert.Equal("Production", there.Catalog.SourceOf(source.Id)?.Name);
    }

    [Fact]
    public async Task With_the_table_down_the_sources_last_known_go_on_and_none_are_known_after_a_start()
    {
        var running = New();
        var (source, _) = await running.Register.CreateAsync(new NewSource("Production"), CancellationToken.None);
        var table = new Mock<TableClient>();
        table
            .Setup(rows => rows.QueryAsync<TableEntity>(It.IsAny<string>(), It.IsAny<int?>(), It.IsAny<IEnumerable<string>>(), It.IsAny<CancellationToken>()))
            .Throws(new Azure.RequestFailedException(503, "busy"));
        _tables.Setup(tables => tables.GetTableClient(TableNames.Sources)).Returns(table.Object);

        var down = New();
        var survivor = new SourceCatalog(new SourceStore(_tables.Object, NullLogger<SourceStore>.Instance), NullLogger<SourceCatalog>.Instance);

        Assert.False(await down.Catalog.EnsureLoadedAsync(CancellationToken.None));
        Assert.False(survivor.IsLoaded);
        Assert.NotNull(running.Catalog.SourceOf(source.Id));
    }

    [Fact]
    public async Task Counts_are_saved_once_and_added_up_over_instances()
    {
        var (here, there) = (New(), New());
        var (source, _) = await here.Register.CreateAsync(new NewSource("Production"), CancellationToken.None);
        await there.Catalog.RefreshAsync(CancellationToken.None);
        for (var i = 0; i < 3; i++) here.Catalog.Find(source.Id).Traffic.Delivered(Deliveries.Start);
        there.Catalog.Find(source.Id).Traffic.Rejected();
        await here.Catalog.RefreshAsync(CancellationToken.None);

        await Task.WhenAll(here.Maintenance.SaveAsync(CancellationToken.None), there.Maintenance.SaveAsync(CancellationToken.None));
        await here.Maintenance.SaveAsync(CancellationToken.None);

        var usage = await here.Usages.GetAsync(source.Id, CancellationToken.None);
        Assert.Equal((3, 1), (usage.Deliveries(Deliveries.Start), usage.Rejections(Deliveries.Start)));
    }

    [Fact]
    public async Task How_far_applying_is_behind_is_known_on_a_third_instance()
    {
        var (intake, worker, timer) = (New(), New(), New());
        var (source, _) = await intake.Register.CreateAsync(new NewSource("Production"), CancellationToken.None);
        await worker.Catalog.RefreshAsync(CancellationToken.None);
        intake.Catalog.Find(source.Id).Traffic.Delivered(Deliveries.Start.AddMinutes(40));
        worker.Applied.Add(source.Id, Deliveries.Start.AddMinutes(10));
        worker.Applied.Add(source.Id, Deliveries.Start.AddMinutes(5));

        await Task.WhenAll(intake.Maintenance.SaveAsync(CancellationToken.None), worker.Maintenance.SaveAsync(CancellationToken.None));
        Assert.Equal(TimeSpan.FromMinutes(30), await timer.Check.GetLagAsync(CancellationToken.None));

        worker.Applied.Add(source.Id, Deliveries.Start.AddMinutes(40));
        await worker.Maintenance.SaveAsync(CancellationToken.None);
        Assert.Equal(TimeSpan.Zero, await timer.Check.GetLagAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Silence_and_bursts_of_refusals_are_noticed()
    {
        var sources = New();
        var (quiet, _) = await sources.Register.CreateAsync(new NewSource("Quiet"), CancellationToken.None);
        Assert.Empty(await sources.Check.ListNoticesAsync(CancellationToken.None));
        for (var i = 0; i < 25; i++) sources.Catalog.Find("unknown").Traffic.Rejected();
        await sources.Maintenance.SaveAsync(CancellationToken.None);
        sources.Clock.Now += TimeSpan.FromHours(1.5);
        Assert.Equal(
            [
                "Refused 25 webhooks for unknown sources within the last two hours. The log says why: for unauthorized, compare the sender's URL and token "
                + "with GET /sources.",
            ],
            (await sources.Check.ListNoticesAsync(CancellationToken.None)).Select(notice => notice.Text));

        sources.Clock.Now += TimeSpan.FromHours(24);

        Assert.Equal(
            [$"The source {quiet.Id} has been silent for 26 hours: it has had no webhook yet. Check its webhook in BigPanda."],
            (await sources.Check.ListNoticesAsync(CancellationToken.None)).Select(notice => notice.Text));
        sources.Catalog.Find(quiet.Id).Traffic.Delivered(sources.Clock.Now);
        Assert.Empty(await sources.Check.ListNoticesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_source_is_silent_after_its_own_interval_and_metrics_report_silence_and_bursts()
    {
        var sources = New();
        var (hourly, _) = await sources.Register.CreateAsync(new NewSource("Hourly", SilentAfterHours: 2), CancellationToken.None);
        var (weekly, _) = await sources.Register.CreateAsync(new NewSource("Weekly", SilentAfterHours: 168), CancellationToken.None);
        var (usual, _) = await sources.Register.CreateAsync(new NewSource("Usual"), CancellationToken.None);
        for (var i = 0; i < 20; i++) sources.Catalog.Find(weekly.Id).Traffic.Rejected();
        for (var i = 0; i < 19; i++) sources.Catalog.Find(usual.Id).Traffic.Rejected();

        await sources.Maintenance.SaveAsync(CancellationToken.None);

        Assert.Equal((0, 20), await sources.MeasuredAsync());
        sources.Clock.Now += TimeSpan.FromHours(2);
        Assert.Equal(
            [$"silent {hourly.Id}"],
            (await sources.Check.ListNoticesAsync(CancellationToken.None))
                .Where(notice => notice.Kind == SourceNoticeKind.Silence).Select(notice => notice.Key));
        sources.Clock.Now += TimeSpan.FromHours(22);
        Assert.Equal(2, (await sources.Check.ListNoticesAsync(CancellationToken.None)).Count(notice => notice.Kind == SourceNoticeKind.Silence));
        sources.Clock.Now += TimeSpan.FromHours(144);
        Assert.Equal((3, 0), await sources.MeasuredAsync());
    }

    [Fact]
    public async Task What_a_monitor_should_do_otherwise_is_a_notice_and_neither_a_silence_nor_a_burst()
    {
        var sources = New();
        var (monitor, _) = await sources.Register.CreateAsync(new NewSource("Azure", Kind: "monitor", Format: "azureMonitor"), CancellationToken.None);
        var (webhook, _) = await sources.Register.CreateAsync(new NewSource("BigPanda"), CancellationToken.None);
        foreach (var source in new[] { monitor, webhook })
        {
            for (var i = 0; i < 30; i++) sources.Catalog.Find(source.Id).Traffic.Relayed(new AlertCounts { All = 1, Fired = 1, Unresolved = 1 });
        }

        await sources.Maintenance.SaveAsync(CancellationToken.None);

        Assert.Equal([$"no-ok {monitor.Id}"], (await sources.Check.ListNoticesAsync(CancellationToken.None)).Select(notice => notice.Key));
        Assert.Equal((0, 0), await sources.MeasuredAsync());
    }

    private Instance New() => new(_tables.Object);

    /// <summary>The services of one instance of the app.</summary>
    private sealed class Instance
    {
        private readonly IMeterFactory _meters;

        public Instance(TableServiceClient tables)
        {
            var store = new SourceStore(tables, NullLogger<SourceStore>.Instance);
            Usages = new SourceUsageStore(tables);
            Catalog = new SourceCatalog(store, NullLogger<SourceCatalog>.Instance);
            Register = new SourceService(store, Usages, Catalog, [], Clock, NullLogger<SourceService>.Instance);
            var services = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
            _meters = services.GetRequiredService<IMeterFactory>();
            Check = new SourceCheck(
                Catalog, Usages, services.GetRequiredService<AppMetrics>(), Clock, Options.Create(new SourceOptions()), NullLogger<SourceCheck>.Instance);
            Maintenance = new SourceMaintenance(Catalog, Usages, Applied, Check, Clock, NullLogger<SourceMaintenance>.Instance);
        }

        public SettableClock Clock { get; } = new();
        public SourceUsageStore Usages { get; }
        public SourceCatalog Catalog { get; }
        public SourceService Register { get; }
        public SourceCheck Check { get; }
        public AppliedDeliveries Applied { get; } = new();
        public SourceMaintenance Maintenance { get; }

        public async Task<(int Silent, int Rejected)> MeasuredAsync()
        {
            var measured = new Dictionary<string, int>();
            using var listener = new MeterListener();
            listener.InstrumentPublished = (instrument, it) =>
            {
                if (instrument.Meter.Scope == _meters) it.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => measured[instrument.Name] = value);
            listener.Start();
            await Check.CheckAsync(CancellationToken.None);
            return (measured["bigpanda.sources.silent"], measured["bigpanda.sources.rejected_burst"]);
        }
    }

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Deliveries.Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
