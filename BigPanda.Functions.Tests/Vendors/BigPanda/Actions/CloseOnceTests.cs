using System.Net;
using System.Text;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>
/// A close that may have been carried out is not sent to an incident that has reopened since, though its webhooks wait behind the same outage: in virtual time.
/// </summary>
public sealed class CloseOnceTests
{
    private static readonly DateTimeOffset Seen = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>The call was made, its message could not be completed and lost its lock; the incident was closed and reopened meanwhile.</summary>
    [Theory]
    [InlineData("incident_reopen", 60, 0)]
    [InlineData("incident_reopened", 60, 0)]
    [InlineData("incident_reopen", null, 0)]
    [InlineData("incident_reopen", 0, 1)]
    [InlineData("incident_resolved_api", 60, 1)]
    public void A_second_delivery_asks_for_a_reopen_first(string type, int? secondsAfterTheResolve, int closes)
    {
        var at = Seen.ToUnixTimeSeconds() + secondsAfterTheResolve;
        var (bigPanda, observed) = Run(deliveries: 2, Activity(type, at));

        Assert.Equal(closes, Closes(bigPanda));
        Assert.Equal(closes == 0 && at is not null ? 1 : 0, observed);
    }

    [Fact]
    public void A_first_delivery_asks_nothing() => Assert.Single(Run(deliveries: 1, _ => null).BigPanda.Calls);

    [Fact]
    public void Activities_that_cannot_be_read_mean_wait()
    {
        var (bigPanda, _) = Run(deliveries: 2, _ => new HttpResponseMessage(HttpStatusCode.BadGateway));

        Assert.Equal(0, Closes(bigPanda));
    }

    /// <summary>The second delivery cannot ask, and is replaced by a copy, which has no delivery count.</summary>
    [Fact]
    public void A_retry_of_a_second_delivery_asks_first_too()
    {
        var reopened = Activity("incident_reopen", Seen.ToUnixTimeSeconds() + 60);

        var bigPanda = RunWithRetry(
            deliveries: 2, (path, bigPanda) => bigPanda.Calls.Count == 1 ? new HttpResponseMessage(HttpStatusCode.Redirect) : reopened(path));

        Assert.Equal(0, Closes(bigPanda));
    }

    /// <summary>The incident reopens while the close waits for the end of a pause that BigPanda has asked for.</summary>
    [Theory]
    [InlineData(9, 1)]
    [InlineData(12, 0)]
    public void An_answer_that_has_become_old_before_the_call_is_asked_for_again(int pause, int closes)
    {
        var bigPanda = VirtualWorld.Run(async world =>
        {
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await AddAsync(tables, queue, deliveries: 2);
            var none = Activity("incident_resolved_api", Seen.ToUnixTimeSeconds() + 30);
            var reopened = Activity("incident_reopen", Seen.ToUnixTimeSeconds() + 60);
            var instance = new AppInstance(world, tables, queue, bigPanda);
            Task? pausing = null;
            bigPanda.Answer = path =>
            {
                if (path.EndsWith("environments", StringComparison.Ordinal)) return Paused(pause);
                var isFirst = pausing is null;
                pausing ??= instance.Client.CheckKeyAsync(CancellationToken.None);
                return isFirst ? none(path) : reopened(path);
            };
            await instance.WorkAsync(queue);
            await instance.DisposeAsync();
            return bigPanda;
        });

        Assert.Equal(closes, Closes(bigPanda));
    }

    /// <summary>BigPanda closes the incident, its response is lost, and the incident reopens before the retry.</summary>
    [Theory]
    [InlineData(null, 1)]
    [InlineData(500, 1)]
    [InlineData(429, 2)]
    public void A_retry_of_a_call_that_may_have_been_carried_out_asks_first(int? status, int closes)
    {
        var reopened = Activity("incident_reopen", Seen.ToUnixTimeSeconds() + 60);

        var bigPanda = RunWithRetry(deliveries: 1, (path, bigPanda) =>
        {
            if (!path.EndsWith("resolve", StringComparison.Ordinal)) return reopened(path);
            if (Closes(bigPanda) > 1) return null;
            return status is { } code ? new HttpResponseMessage((HttpStatusCode)code) : throw new TaskCanceledException("No response.");
        });

        Assert.Equal(closes, Closes(bigPanda));
    }

    /// <summary>The incident is closed, and reopened before the message comes again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_that_is_released_after_its_call_asks_first(bool stops)
    {
        var (closes, observed) = VirtualWorld.Run(async world =>
        {
            using var stop = new CancellationTokenSource();
            var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
            await AddAsync(tables, queue, deliveries: 1);
            var reopened = Activity("incident_reopen", Seen.ToUnixTimeSeconds() + 60);
            bigPanda.Answer = path =>
            {
                // From the call until the next delivery asks: the report cannot be sent, or the host is stopping.
                queue.IsDown = !stops && path.EndsWith("resolve", StringComparison.Ordinal);
                if (!stops || !path.EndsWith("resolve", StringComparison.Ordinal)) return reopened(path);
                stop.Cancel();
                throw new OperationCanceledException(stop.Token);
            };
            var instance = new AppInstance(world, tables, queue, bigPanda);
            Assert.True(queue.TryTake(out var message));
            await instance.Get<ActInBigPandaFunction>().RunAsync(message, queue.ActionsFor(message), stop.Token);
            Assert.Equal(1, queue.GivenBack);
            await instance.WorkAsync(queue);
            await instance.DisposeAsync();
            return (Closes(bigPanda), queue.Sent.Count(sent => sent.Message.Subject == "observation"));
        });

        Assert.Equal((1, 1), (closes, observed));
    }

    private static (TakingBigPanda BigPanda, int Observed) Run(int deliveries, Func<string, HttpResponseMessage?> answer) => VirtualWorld.Run(async world =>
    {
        var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time) { Answer = answer }, new ActionQueue());
        await AddAsync(tables, queue, deliveries);
        var instance = new AppInstance(world, tables, queue, bigPanda);
        await instance.WorkAsync(queue);
        await instance.DisposeAsync();
        return (bigPanda, queue.Sent.Count(sent => sent.Message.Subject == "observation"));
    });

    private static TakingBigPanda RunWithRetry(int deliveries, Func<string, TakingBigPanda, HttpResponseMessage?> answer) => VirtualWorld.Run(async world =>
    {
        var (tables, bigPanda, queue) = (new MemoryTables(world.Time), new TakingBigPanda(world.Time), new ActionQueue());
        bigPanda.Answer = path => answer(path, bigPanda);
        await AddAsync(tables, queue, deliveries);
        var instance = new AppInstance(world, tables, queue, bigPanda);
        await instance.WorkAsync(queue);
        queue.Add(Assert.Single(queue.Sent, sent => sent.Queue == Queues.BigPandaActions).Message);
        await instance.WorkAsync(queue);
        await instance.DisposeAsync();
        return bigPanda;
    });

    private static async Task AddAsync(MemoryTables tables, ActionQueue queue, int deliveries)
    {
        var alert = new Alert
        {
            IncidentId = "late",
            History = AlertHistory.Empty.With(new Mark(new Stamp(Moment.Of(Seen)), MarkKind.ResolvedHere, Seen, "ada", ResolvedVia.Api)),
            Life = new LifeState { Status = AlertStatus.Resolved, Episode = 1, AwaitsClose = true },
            BigPanda = new DestinationSync { State = SyncState.Closing, ActionId = "1" },
        };
        Assert.NotNull(await new AlertStore(tables).SaveAsync(null, new Decision(alert, Verdict.Applied, []), CancellationToken.None));
        queue.Add(ActionMessages.Of(new CloseIncidentAction("late", "1", "env-1", "fixed").ToAction()), deliveries);
    }

    private static HttpResponseMessage Paused(int seconds)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.Add("Retry-After", $"{seconds}");
        return response;
    }

    private static int Closes(TakingBigPanda bigPanda) => bigPanda.Calls.Count(call => call.Path.EndsWith("resolve", StringComparison.Ordinal));

    private static Func<string, HttpResponseMessage?> Activity(string type, long? at) => path =>
    {
        if (path.EndsWith("resolve", StringComparison.Ordinal)) return null;
        var json = path.EndsWith("activities", StringComparison.Ordinal)
            ? $$"""[{"type":"{{type}}","timestamp":{{(at is { } time ? $"{time}" : "null")}}}]"""
            : """{"id":"late","active":true}""";
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
    };
}
