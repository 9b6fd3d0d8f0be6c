using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Brake;

/// <summary>What the brake counts, in virtual time.</summary>
public sealed class BrakeCountTests
{
    private const int Off = 0;
    private const int High = 1_000_000;

    /// <summary>Instances have bursts and pauses at random. What is counted of ten minutes is never less than what was, and at most an eighth more.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 10)]
    public void No_burst_of_any_number_of_instances_is_counted_too_low_or_much_too_high(int seed, int instances)
    {
        var findings = VirtualWorld.Run(async world =>
        {
            var tables = new MemoryTables(world.Time);
            List<DateTimeOffset> taken = [];
            List<string> findings = [];
            var reader = new CountingInstance(tables, world.Time, High);
            await Task.WhenAll(
                Enumerable.Range(0, instances).Select(n => PlayAsync(new CountingInstance(tables, world.Time, High), new Random(seed * 100 + n))));
            return findings;

            async Task PlayAsync(CountingInstance instance, Random random)
            {
                for (var i = 0; i < 40; i++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(random.Next(0, random.Next(2) == 0 ? 3 : 120)), world.Time, CancellationToken.None);
                    var burst = random.Next(1, random.Next(4) == 0 ? 300 : 4);
                    await Task.WhenAll(Enumerable.Range(0, burst).Select(async _ =>
                    {
                        await instance.CountAsync();
                        taken.Add(world.Time.GetUtcNow());
                    }));
                    var now = world.Time.GetUtcNow();
                    var counted = await reader.ReadCountAsync();
                    if (counted < taken.Count(at => at > now - TimeSpan.FromMinutes(10))) findings.Add($"{now:T}: {counted} is too low");
                    // The write comes up to ten seconds before, and the service's clock has whole seconds.
                    var most = taken.Count(at => at > now - TimeSpan.FromSeconds(621));
                    if (counted > most + most / 8 + 1) findings.Add($"{now:T}: {counted} is too high for {most}");
                }
            }
        });

        Assert.Empty(findings);
    }

    [Theory]
    [InlineData(100, 40)]
    [InlineData(5000, 80)]
    public void A_burst_one_by_one_costs_few_writes(int closes, int most)
    {
        var writes = VirtualWorld.Run(async world =>
        {
            var tables = new MemoryTables(world.Time);
            var instance = new CountingInstance(tables, world.Time, High);
            for (var i = 0; i < closes; i++) await instance.CountAsync();
            return tables.Requests;
        });

        Assert.InRange(writes, 2, most);
    }

    [Fact]
    public void What_comes_at_once_is_one_write_or_two()
    {
        var writes = VirtualWorld.Run(async world =>
        {
            var tables = new MemoryTables(world.Time);
            var written = new TaskCompletionSource();
            tables.Writing = _ => written.Task;
            var instance = new CountingInstance(tables, world.Time, High);
            var counting = Enumerable.Range(0, 200).Select(_ => instance.CountAsync()).ToList();
            written.SetResult();
            await Task.WhenAll(counting);
            return tables.Requests;
        });

        Assert.InRange(writes, 1, 2);
    }

    [Fact]
    public async Task Ten_minutes_later_it_no_longer_counts_and_its_rows_are_removed()
    {
        var time = new ManualTimeProvider();
        var instance = new CountingInstance(new MemoryTables(time), time, High);
        await instance.CountAsync(30);
        time.Advance(TimeSpan.FromMinutes(9));
        var within = await instance.ReadCountAsync();
        time.Advance(TimeSpan.FromSeconds(80));
        var state = await instance.Store.ReadAsync(BrakeKind.Closes, CancellationToken.None);
        await instance.Store.RemoveOldCountsAsync(BrakeKind.Closes, state.ReadAt, CancellationToken.None);

        Assert.InRange(within, 30, 33);
        Assert.Equal(0, state.Counted);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public async Task The_clock_of_an_instance_does_not_matter(int minutesAhead)
    {
        var time = new ManualTimeProvider();
        var tables = new MemoryTables(time);
        var (one, other) = (new CountingInstance(tables, time, High), new CountingInstance(tables, new SkewedTime(time, minutesAhead), High));
        await one.CountAsync(20);
        await other.CountAsync(20);

        Assert.InRange(await other.ReadCountAsync(), 40, 45);
        Assert.Equal(await one.ReadCountAsync(), await other.ReadCountAsync());
    }

    [Fact]
    public async Task A_restarted_instance_counts_on()
    {
        var time = new ManualTimeProvider();
        var tables = new MemoryTables(time);
        await new CountingInstance(tables, time, High).CountAsync(20);
        await new CountingInstance(tables, time, High).CountAsync(20);

        Assert.InRange(await new CountingInstance(tables, time, High).ReadCountAsync(), 40, 45);
    }

    [Fact]
    public async Task While_the_tables_are_down_nothing_passes_uncounted()
    {
        var time = new ManualTimeProvider();
        var tables = new MemoryTables(time) { IsDown = true };

        await Assert.ThrowsAsync<Azure.RequestFailedException>(() => new CountingInstance(tables, time, High).CountAsync());
    }

    public static TheoryData<AlertAction, BrakeKind?> Counted => new()
    {
        { CountingInstance.Close("i"), BrakeKind.Closes },
        { CountingInstance.Close("i") with { AttemptsBefore = 1 }, null },
        { CountingInstance.Close("i") with { Kind = ActionKinds.Comment }, null },
        { PageAction(PageActionKinds.Trigger), BrakeKind.Pages },
        { PageAction(PageActionKinds.Resolve), null },
        { PageAction(PageActionKinds.Acknowledge), null },
        { PageAction(PageActionKinds.Note), null },
        { PageAction(PageActionKinds.Update), null },
        { PageAction(PageActionKinds.Update) with { ActionId = "page-20260105090000-2-3" }, BrakeKind.Pages },
    };

    /// <summary>An update counts where it opens the page. Closes by BigPanda and PagerDuty are no actions at all.</summary>
    [Theory]
    [MemberData(nameof(Counted))]
    public async Task Closes_and_openings_of_pages_count(AlertAction action, BrakeKind? counted)
    {
        var time = new ManualTimeProvider();
        var instance = new CountingInstance(new MemoryTables(time), time, High);
        var key = new PageKey("key");
        var pages = PagerState.None.Open(new Page { Id = "20260105090000-1", Key = key, Status = PageStatus.Open })
            .Open(new Page { Id = "20260105090000-2", Key = key, Status = PageStatus.Opening });

        await instance.Counter.CountAsync(new Alert { IncidentId = "i", PagerDuty = pages }, [action], CancellationToken.None);

        foreach (var kind in BrakeKinds.All)
            Assert.Equal(kind == counted ? 1 : 0, (await instance.Store.ReadAsync(kind, CancellationToken.None)).Counted);
    }

    [Fact]
    public async Task A_brake_that_is_off_counts_nothing_and_asks_nothing()
    {
        var time = new ManualTimeProvider();
        var tables = new MemoryTables(time);
        var instance = new CountingInstance(tables, time, Off);
        await instance.CountAsync(100);

        Assert.False(await instance.IsHeldAsync());
        Assert.Equal(0, tables.Requests);
    }

    private static AlertAction PageAction(string kind) =>
        new() { Kind = kind, IncidentId = "i", ActionId = "page-20260105090000-1", Destination = Destination.PagerDuty };

    private sealed class SkewedTime(TimeProvider time, int minutes) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow().AddMinutes(minutes);

        public override long GetTimestamp() => time.GetTimestamp();

        public override long TimestampFrequency => time.TimestampFrequency;
    }
}
