using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>
/// A thousand incidents at once, of which PagerDuty takes 120 events a minute: none is lost, and each page ends as its incident does; in virtual time.
/// </summary>
public sealed class PageStormTests
{
    private const int Incidents = 1000;
    private const int PerMinute = 120;

    [Fact]
    public void A_thousand_incidents_at_once_are_paged_with_their_last_state() => PagingWorld.Run(async world =>
    {
        await using var storm = new PagingStorm(world, instances: 3);
        var start = world.Now;
        await ApplyAsync(world, _ => true, New(0));
        // Most of them still wait.
        await storm.WorkUntilAsync(start.AddMinutes(2));
        await ApplyAsync(world, course => course is Course.Changes, Updated(120, "warning"));
        await ApplyAsync(world, course => course is Course.Closes or Course.Reopens, Closed(120));
        await storm.WorkUntilAsync(start.AddMinutes(3));
        await ApplyAsync(world, course => course is Course.Reopens, Reopened(180));
        await storm.WorkUntilAsync(start.AddHours(1));

        Assert.Empty(world.Bus.DeadLetters);
        Assert.Empty(world.Bus.Waiting);
        var triggers = world.PagerDuty.Triggers.ToLookup(trigger => IncidentOf((string?)trigger["dedup_key"]));
        var open = world.PagerDuty.Open.ToLookup(incident => IncidentOf(incident.Key));
        foreach (var (id, course) in Courses())
        {
            var page = (await world.LoadAsync(id)).PagerDuty?.Latest;
            var expected = course is Course.Closes ? (0, PageStatus.Resolved) : (1, PageStatus.Open);
            Assert.Equal((id, expected), (id, (open[id].Count(), page?.Status ?? default)));
            if (course is Course.Closes) continue;
            var severity = (string?)triggers[id].Last()["payload"]?["severity"];
            Assert.Equal((id, course is Course.Changes ? "warning" : "critical"), (id, severity));
        }

        // As fast as the key allows, and not faster.
        var events = world.PagerDuty.Calls.Where(call => call.What is "trigger" or "resolve").Select(call => call.At - start).ToList();
        var busiest = events.Select((from, i) => events.Skip(i).TakeWhile(at => at < from + TimeSpan.FromMinutes(1)).Count()).Max();
        Assert.InRange(busiest, PerMinute - 20, PerMinute + 1);
        Assert.InRange(events[^1].TotalMinutes, 0, events.Count / (double)PerMinute + 3);
    });

    private static async Task ApplyAsync(PagingWorld world, Predicate<Course> which, IncidentReported delivery)
    {
        foreach (var (id, course) in Courses()) if (which(course)) await world.ApplyAsync(At(id, delivery));
    }

    /// <summary>Spread over the queue, so that some have been paged when it happens and others wait.</summary>
    private static IEnumerable<(string Id, Course Course)> Courses() => Enumerable.Range(0, Incidents).Select(i => ($"incident-{i:d4}", (i % 10) switch
    {
        2 or 7 => Course.Changes,
        4 => Course.Closes,
        9 => Course.Reopens,
        _ => Course.Fires,
    }));

    private static string IncidentOf(string? dedupKey) => dedupKey?.Split(':')[1] ?? "";

    private static IncidentReported At(string id, IncidentReported delivery) => new(
        delivery.Incident with { Id = id }, delivery.SourceId, delivery.ReceivedAt, Fingerprint($"{id} {delivery.MessageId}"), $"{delivery.MessageId}-{id}");

    private enum Course
    {
        Fires = 0,
        Changes = 1,
        Closes = 2,
        Reopens = 3,
    }
}
