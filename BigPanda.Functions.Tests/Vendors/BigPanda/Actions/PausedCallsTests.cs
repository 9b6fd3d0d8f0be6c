using System.Net;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>A 429 is about the token: in virtual time, on one instance and on two.</summary>
public sealed class PausedCallsTests
{
    [Fact]
    public void A_429_pauses_the_calls_of_every_instance_and_costs_an_attempt_only_where_it_was_received()
    {
        var (bigPanda, queue, callers) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue, callers) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue(), new List<string>());
            // More than one instance has sessions for.
            await BulkClosingTests.FillAsync(tables, queue, 400);
            bigPanda.Answer = _ => bigPanda.Calls.Count == 100 ? Refusal("30") : null;
            AppInstance[] instances =
                [new(world, tables, queue, new Caller("one", callers, bigPanda)), new(world, tables, queue, new Caller("other", callers, bigPanda))];
            await FinishAsync(queue, instances);
            return (bigPanda, queue, callers);
        });

        Assert.Equal(401, bigPanda.Calls.Count);
        var refused = bigPanda.Calls[99];
        Assert.InRange((bigPanda.Calls[100].At - refused.At).TotalSeconds, 30, 32);
        Assert.Equal(2, callers[90..99].Distinct().Count());
        Assert.Equal(2, callers[100..110].Distinct().Count());
        Assert.InRange(bigPanda.MostInASecond, 1, 5);
        Assert.Equal(refused.Path, Assert.Single(bigPanda.Calls.GroupBy(call => call.Path), calls => calls.Count() > 1).Key);
        Assert.Equal(2, Assert.Single(Taken(queue), attempts => attempts > 1));
    }

    /// <summary>What must not wait behind the closes does not ask either: it says that BigPanda wants to be left alone.</summary>
    [Fact]
    public void Readiness_and_the_same_key_make_no_call_during_a_pause_and_another_key_does()
    {
        var (calls, ready, same, other, after) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await using var one = new AppInstance(world, tables, queue, bigPanda);
            await using var another = new AppInstance(world, tables, queue, bigPanda);
            bigPanda.Answer = _ => Refusal("120");
            await one.Client.CheckKeyAsync(CancellationToken.None);
            bigPanda.Answer = _ => null;
            var ready = await another.Client.GetLatestAsync(CancellationToken.None);
            var same = await another.Client.CheckKeyAsync(another.Key with { ConnectionId = "two" }, CancellationToken.None);
            var other = await another.Client.CheckKeyAsync(another.Key with { ApiKey = "another-key", ConnectionId = "three" }, CancellationToken.None);
            var calls = bigPanda.Calls.Count;
            await Task.Delay(TimeSpan.FromSeconds(122), world.Time, CancellationToken.None);
            return (calls, ready, same, other, await another.Client.GetLatestAsync(CancellationToken.None));
        });

        Assert.Equal(2, calls);
        Assert.Equal((ApiResult.Unavailable, (int?)429), (ready.Result, ready.Status));
        Assert.Equal((ApiResult.Unavailable, (int?)429), (same.Result, same.Status));
        Assert.InRange(ready.RetryAfter ?? default, TimeSpan.FromSeconds(118), TimeSpan.FromSeconds(122));
        Assert.Equal(ApiResult.Done, other.Result);
        Assert.Equal(ApiResult.Done, after.Result);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData("2.3", 3)]
    [InlineData("120", 120)]
    [InlineData("86400", 3600)]
    public void A_pause_is_what_BigPanda_asks_for_rounded_up_and_an_hour_at_most(string? retryAfter, int seconds)
    {
        var (bigPanda, queue) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await BulkClosingTests.FillAsync(tables, queue, 20);
            bigPanda.Answer = _ => bigPanda.Calls.Count == 1 ? Refusal(retryAfter) : null;
            var instance = new AppInstance(world, tables, queue, bigPanda);
            await instance.WorkAsync(queue);
            await instance.DisposeAsync();
            return (bigPanda, queue);
        });

        Assert.InRange((bigPanda.Calls[1].At - bigPanda.Calls[0].At).TotalSeconds, seconds, seconds + 2);
        Assert.Equal(19, Taken(queue).Count(attempts => attempts == 1));
        // As long as a message's lock allows; then it is back in the queue, as often as it takes.
        Assert.Equal(seconds > OutageWait.MaxWait.TotalSeconds, queue.GivenBack > 0);
    }

    [Fact]
    public void After_a_pause_the_calls_go_in_the_limiters_order()
    {
        var paths = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            for (var i = 0; i < 8; i++) queue.Add(ActionMessages.Of(new AddCommentAction($"talk-{i}", "1", "env-1", "hello").ToAction()));
            bigPanda.Answer = _ => bigPanda.Calls.Count == 1 ? Refusal("20") : null;
            var instance = new AppInstance(world, tables, queue, bigPanda);
            var commenting = instance.WorkAsync(queue);
            await Task.Delay(TimeSpan.FromSeconds(10), world.Time, CancellationToken.None);
            await BulkClosingTests.FillAsync(tables, queue, 8);
            await Task.WhenAll(commenting, instance.WorkAsync(queue));
            await instance.DisposeAsync();
            return bigPanda.Calls.Select(call => call.Path[(call.Path.LastIndexOf('/') + 1)..]).ToList();
        });

        Assert.Equal(["comments", .. Enumerable.Repeat("resolve", 8), .. Enumerable.Repeat("comments", 7)], paths);
    }

    [Fact]
    public void A_longer_pause_holds_whichever_instance_got_the_shorter_one()
    {
        var (first, next) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await using var one = new AppInstance(world, tables, queue, bigPanda);
            await using var other = new AppInstance(world, tables, queue, bigPanda);
            // Both are on the wire before either answer is there.
            bigPanda.Answer = path => Refusal(bigPanda.Calls.Count == 1 ? "60" : "10");
            await Task.WhenAll(one.Client.CheckKeyAsync(CancellationToken.None), other.Client.CheckKeyAsync(CancellationToken.None));
            bigPanda.Answer = _ => null;
            await BulkClosingTests.FillAsync(tables, queue, 4);
            await Task.WhenAll(one.WorkAsync(queue), other.WorkAsync(queue));
            var resolves = bigPanda.Calls.Where(call => call.Path.EndsWith("resolve", StringComparison.Ordinal)).ToList();
            Assert.Equal(4, resolves.Count);
            return (bigPanda.Started, resolves[0].At);
        });

        Assert.InRange((next - first).TotalSeconds, 60, 62);
    }

    [Fact]
    public void A_pause_that_cannot_be_saved_holds_here_and_is_saved_when_the_tables_are_back()
    {
        var (bigPanda, callers) = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue, callers) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue(), new List<string>());
            await BulkClosingTests.FillAsync(tables, queue, 40);
            bigPanda.Answer = _ =>
            {
                if (bigPanda.Calls.Count != 1) return null;
                tables.IsDown = true;
                return Refusal("120");
            };
            var one = new AppInstance(world, tables, queue, new Caller("one", callers, bigPanda));
            var working = one.WorkAsync(queue);
            await Task.Delay(TimeSpan.FromSeconds(3), world.Time, CancellationToken.None);
            tables.IsDown = false;
            await Task.Delay(TimeSpan.FromSeconds(12), world.Time, CancellationToken.None);
            await BulkClosingTests.FillAsync(tables, queue, 10, "later");
            var other = new AppInstance(world, tables, queue, new Caller("other", callers, bigPanda));
            await Task.WhenAll(working, other.WorkAsync(queue));
            await FinishAsync(queue, one, other);
            return (bigPanda, callers);
        });

        Assert.InRange((bigPanda.Calls[1].At - bigPanda.Calls[0].At).TotalSeconds, 120, 122);
        Assert.Contains("other", callers);
    }

    [Fact]
    public void Another_key_does_not_wait_for_what_BigPanda_asked_of_the_one_before()
    {
        var bigPanda = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await BulkClosingTests.FillAsync(tables, queue, 10);
            bigPanda.Answer = _ => bigPanda.Calls.Count == 1 ? Refusal("3000") : null;
            var instance = new AppInstance(world, tables, queue, bigPanda);
            var working = instance.WorkAsync(queue);
            await Task.Delay(TimeSpan.FromSeconds(100), world.Time, CancellationToken.None);
            instance.Key = new BigPandaCredential("a-new-key", "https://api.example.com", null) { ConnectionId = "two" };
            // Within a minute the key is read again; any call finds out.
            await Task.Delay(TimeSpan.FromSeconds(61), world.Time, CancellationToken.None);
            await instance.Client.CheckKeyAsync(CancellationToken.None);
            await working;
            await instance.DisposeAsync();
            return bigPanda;
        });

        Assert.InRange((bigPanda.Calls[1].At - bigPanda.Started).TotalSeconds, 161, 163);
        Assert.Equal("a-key", bigPanda.Keys[0]);
        // Those that had waited with the old key in hand as well.
        Assert.All(bigPanda.Keys.Skip(1), key => Assert.Equal("a-new-key", key));
        Assert.Equal(11, bigPanda.Keys.Count);
    }

    /// <summary>Works until nothing is left, what is to be tried again included.</summary>
    private static async Task FinishAsync(ActionQueue queue, params AppInstance[] instances)
    {
        for (int done = 0, all = -1; done > all;)
        {
            await Task.WhenAll(instances.Select(instance => instance.WorkAsync(queue)));
            all = done;
            foreach (var message in Retried(queue).Skip(done).ToList())
            {
                queue.Add(message);
                done++;
            }
        }

        foreach (var instance in instances) await instance.DisposeAsync();
    }

    private static IEnumerable<ServiceBusMessage> Retried(ActionQueue queue) => Copies(queue).Where(copy => !IsTaken(copy));

    /// <summary>The attempts of each close that BigPanda has taken.</summary>
    private static IEnumerable<int> Taken(ActionQueue queue) =>
        Copies(queue).Where(IsTaken).Select(copy => (int)copy.ApplicationProperties[MessageProperties.Attempts]);

    private static IEnumerable<ServiceBusMessage> Copies(ActionQueue queue) =>
        queue.Sent.Where(sent => sent.Queue == Queues.BigPandaActions).Select(sent => sent.Message);

    private static bool IsTaken(ServiceBusMessage copy) => copy.ApplicationProperties.ContainsKey(MessageProperties.Stage);

    private static HttpResponseMessage Refusal(string? retryAfter)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        if (retryAfter is not null) answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return answer;
    }

    /// <summary>Says which instance a call is of.</summary>
    private sealed class Caller(string name, List<string> callers, HttpMessageHandler bigPanda) : DelegatingHandler(bigPanda)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            callers.Add(name);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
