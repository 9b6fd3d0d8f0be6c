using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Brake;

/// <summary>Closes on two instances of the app, in virtual time.</summary>
public sealed class HeldClosesTests
{
    private const int Closes = 300;

    /// <summary>Closes that already wait for their turn are held too; a release sends each once, at the rate, if it is still wanted.</summary>
    [Fact]
    public void What_waits_for_its_turn_is_held_and_released_at_the_rate()
    {
        var (sentBefore, heldBefore, engagements, bigPanda) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await BulkClosingTests.FillAsync(tables, queue, Closes);
            AppInstance[] instances = [NewInstance(), NewInstance()];
            var working = Task.WhenAll(instances.Select(instance => instance.WorkAsync(queue)));
            await Task.Delay(TimeSpan.FromSeconds(5), world.Time, CancellationToken.None);
            await CountAsync(instances[1], 101);
            await working;
            var (sentBefore, heldBefore) = (bigPanda.Calls.Count, await CountHeldAsync(instances[0]));

            await ReopenAsync(tables, "bulk-0299");
            await ReleaseAsync(instances[0], world.Time.GetUtcNow());
            foreach (var (name, message) in queue.Sent.ToList())
                if (name == Queues.BigPandaActions && !message.ApplicationProperties.ContainsKey(MessageProperties.Stage)) queue.Add(message);
            await Task.WhenAll(instances.Select(instance => instance.WorkAsync(queue)));
            Assert.Equal(0, await CountHeldAsync(instances[0]));
            var engagements = (await instances[0].Get<BrakeStore>().ReadAsync(BrakeKind.Closes, CancellationToken.None)).Engagements.Count;
            foreach (var instance in instances) await instance.DisposeAsync();
            return (sentBefore, heldBefore, engagements, bigPanda);

            AppInstance NewInstance() => new(world, tables, queue, bigPanda, ("Brake:Closes", "100"));
        });

        // Four a second for five seconds; the count is asked for each call, since the limit is low.
        Assert.InRange(sentBefore, 15, 30);
        Assert.Equal(Closes, sentBefore + heldBefore);
        Assert.Equal(Closes - 1, bigPanda.Calls.Count);
        Assert.Equal(Closes - 1, bigPanda.Calls.Select(call => call.Path).Distinct().Count());
        Assert.DoesNotContain(bigPanda.Calls, call => call.Path.Contains("bulk-0299", StringComparison.Ordinal));
        Assert.InRange(bigPanda.MostInASecond, 1, 5);
        Assert.Equal(1, engagements);
    }

    /// <summary>The bar of the design: a person closes 5,000 alerts, spread over some instances.</summary>
    [Theory]
    [InlineData(5000, false)]
    [InlineData(6001, true)]
    public void By_default_five_thousand_closes_of_a_person_pass(int closes, bool isHeld)
    {
        var found = VirtualWorld.Run(async world =>
        {
            var (tables, queue) = (new MemoryTables(world.Time), new ActionQueue());
            AppInstance[] instances = [.. Enumerable.Range(0, 4).Select(_ => new AppInstance(world, tables, queue, new TakingBigPanda(world.Time)))];
            await Task.WhenAll(instances.Select((instance, n) => PlanAsync(instance, closes / 4 + (n < closes % 4 ? 1 : 0))));
            var state = await CheckAsync(instances[0]);
            foreach (var instance in instances) await instance.DisposeAsync();
            return state;

            async Task PlanAsync(AppInstance instance, int share)
            {
                for (var i = 0; i < share; i++)
                {
                    await CountAsync(instance, 1);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), world.Time, CancellationToken.None);
                }
            }
        });

        Assert.Equal(isHeld, found);
    }

    private static async Task<bool> CheckAsync(AppInstance instance)
    {
        try
        {
            await instance.Get<ActionBrake>().CheckAsync(BrakeKind.Closes, CancellationToken.None);
            return false;
        }
        catch (BrakeEngagedException)
        {
            return true;
        }
    }

    private static Task CountAsync(AppInstance instance, int closes) => instance.Get<BrakeCounter>().CountAsync(
        new Alert { IncidentId = "any" }, Enumerable.Repeat(CountingInstance.Close("any"), closes), CancellationToken.None);

    private static async Task<int> CountHeldAsync(AppInstance instance) =>
        (await instance.Get<ParkedActions>().SummarizeHeldAsync(BrakeKind.Closes, 10_000, CancellationToken.None)).Count;

    private static async Task ReleaseAsync(AppInstance instance, DateTimeOffset now)
    {
        await instance.Get<BrakeStore>().ReleaseAsync(BrakeKind.Closes, 1, new BrakeRelease(now, "ada", false, null), CancellationToken.None);
        await instance.Get<HeldRelease>().RunAsync(now, CancellationToken.None);
    }

    private static async Task ReopenAsync(MemoryTables tables, string incidentId)
    {
        var store = new AlertStore(tables);
        var stored = await store.LoadAsync(incidentId, CancellationToken.None);
        Assert.NotNull(stored);
        var firing = stored.Alert with { Life = new LifeState { Status = AlertStatus.Firing, Episode = 2 }, BigPanda = DestinationSync.InSync };
        Assert.NotNull(await store.SaveAsync(stored, new Decision(firing, Verdict.Applied, []), CancellationToken.None));
    }
}
