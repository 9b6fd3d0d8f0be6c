using System.Net;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>For when the next attempt is scheduled, in virtual time: never before BigPanda asked for, nor before the schedule's own time.</summary>
public sealed class RetryTimesTests
{
    [Theory]
    [InlineData(429, "4", 4, 4)]
    [InlineData(429, "1", 2, 2.4)]
    [InlineData(429, null, 2, 2.4)]
    [InlineData(503, "6.5", 7, 7)]
    [InlineData(500, null, 2, 2.4)]
    [InlineData(302, null, 2, 2.4)]
    [InlineData(429, "7200.5", 7201, 7201)]
    public void A_close_comes_again_when_it_may_and_says_when(int status, string? retryAfter, double earliest, double latest)
    {
        var (now, again, reported) = VirtualWorld.Run(async world =>
        {
            var (tables, queue) = (new MemoryTables(world.Time), new ActionQueue());
            var bigPanda = new TakingBigPanda(world.Time) { Answer = _ => Refusal(status, retryAfter) };
            await ClosingAlerts.AddAsync(tables, queue, "incident");
            var instance = new AppInstance(world, tables, queue, bigPanda);
            await instance.WorkAsync(queue);
            var now = world.Time.GetUtcNow();
            await instance.DisposeAsync();
            return (
                now,
                Assert.Single(queue.Sent, sent => sent.Queue == Queues.BigPandaActions).Message,
                Assert.Single(queue.Sent, sent => sent.Queue == Queues.AlertEvents).Message);
        });

        var delay = (again.ScheduledEnqueueTime - now).TotalSeconds;
        Assert.InRange(delay, earliest, latest);
        var report = JsonSerializer.Deserialize(reported.Body, AlertEventJson.Default.ActionReported);
        Assert.Equal((ActionResult.Retrying, again.ScheduledEnqueueTime), (report?.Result, report?.NextAttemptAt));
    }

    private static HttpResponseMessage Refusal(int status, string? retryAfter)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status);
        if (retryAfter is not null) response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }
}
