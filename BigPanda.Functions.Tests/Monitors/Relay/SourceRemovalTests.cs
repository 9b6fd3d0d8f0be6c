using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Parking;
using BigPanda.Functions.Monitors.Relay;
using BigPanda.Functions.Sources.Api;
using static BigPanda.Functions.Tests.Monitors.Relay.RelayWorld;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>A deleted source takes its alerts with it.</summary>
public sealed class SourceRemovalTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void What_waits_of_a_deleted_source_is_deleted_and_nothing_of_another()
    {
        var (before, after) = Run(async world =>
        {
            var instance = await world.StartAsync();
            foreach (var source in new[] { Main, Other }) world.Accept(source, Alert("health", "critical") with { OkAfter = TimeSpan.FromHours(1) });
            await world.FinishAsync(TimeSpan.FromHours(1));
            world.Keys.Stored = null;
            await world.WaitAsync(TimeSpan.FromHours(2));
            foreach (var source in new[] { Main, Other })
                world.Accept(source, Enumerable.Range(0, 150).Select(i => Alert($"host-{i}", "critical", 1767603600)));
            await world.WaitAsync(Minute);
            var before = await CountAsync(world, instance);

            await instance.Get<SourceService>().RemoveAsync(Main, CancellationToken.None);
            return (before, await CountAsync(world, instance));
        });

        Assert.Equal(("150+1+hold", "150+1+hold"), before);
        Assert.Equal(("0+0", "150+1+hold"), after);
    }

    [Fact]
    public void Alerts_in_the_queue_of_a_deleted_source_are_dropped_and_not_parked() => Assert.Equal(
        (0, 0, 0),
        Run(async world =>
        {
            var instance = await world.StartAsync();
            world.Keys.Stored = MonitorKeys.None;
            await instance.Get<SourceService>().RemoveAsync(Main, CancellationToken.None);
            world.Accept(Main, Enumerable.Range(0, 10).Select(i => Alert($"host-{i}", "critical", 1767603600)));
            await world.WaitAsync(Minute);
            return (world.Queue.Count, await world.CountParkedAsync(Main), world.BigPanda.Calls.Count);
        }));

    private static async Task<(string Main, string Other)> CountAsync(RelayWorld world, RelayInstance instance)
    {
        return (await OfAsync(Main), await OfAsync(Other));

        async Task<string> OfAsync(string source)
        {
            var oks = await instance.Get<MonitorOkStore>().ListDueAsync(source, world.Now, 10, CancellationToken.None);
            var hold = await instance.Get<ParkedAlertStore>().FindHoldAsync(source, CancellationToken.None);
            return $"{await world.CountParkedAsync(source)}+{oks.Count}{(hold is null ? "" : "+hold")}";
        }
    }
}
