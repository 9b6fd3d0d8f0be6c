using System.Collections.Concurrent;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Plays a plan, waits until all queues are empty, and compares the result with BigPanda.</summary>
internal sealed class FaultRun(FaultPlan plan, FaultTarget target, TimeSpan settlesWithin)
{
    /// <summary>Allowance for a close that was sent before the reopen was shown, in real time; the machine may be under load.</summary>
    private static readonly TimeSpan InTransit = TimeSpan.FromSeconds(2);

    private static readonly string[] Timers = ["ReleaseParkedActions", "SendPendingActions"];

    /// <summary>Incidents whose history is printed with the errors.</summary>
    private const int Explained = 5;

    private readonly ConcurrentQueue<PersonRequest> _requests = [];
    private DateTimeOffset _began;
    private volatile string _activity = "the plan is played";
    private readonly OutcomeCheck _check = new(target.Clock.Scaled(InTransit));

    private BridgeClient Bridge => target.Bridge ?? throw new InvalidOperationException("The host is down at the end of the plan.");

    /// <summary>Fails with the list of errors and the plan; the seed makes the same plan again.</summary>
    public static async Task AssertPassesAsync(FaultPlan plan, FaultTarget target, TimeSpan settlesWithin)
    {
        await using (target)
        {
            await target.StartAsync();
            var run = new FaultRun(plan, target, settlesWithin);
            var wrong = await run.PlayBoundedAsync();
            if (wrong.Count == 0) return;
            Assert.Fail(string.Join(Environment.NewLine, [$"{wrong.Count} wrong:", .. wrong, .. await run.ExplainAsync(wrong), $"{plan}{target}"]));
        }
    }

    /// <summary>What is known of the first incidents that are wrong: their timelines, and what both vendors have.</summary>
    private async Task<IReadOnlyList<string>> ExplainAsync(IReadOnlyList<string> wrong)
    {
        var ids = plan.Incidents.Select(incident => incident.Id).Where(id => wrong.Any(error => error.StartsWith($"{id}:", StringComparison.Ordinal)));
        var lines = new List<string>();
        foreach (var id in ids.Take(Explained))
        {
            if (target.Bridge is not { } bridge) break;
            var alert = await bridge.GetAlertAsync(id);
            lines.AddRange([$"{id}:", .. alert.Timeline.Select(entry => $"  {entry}")]);
            lines.AddRange(FindPages(id).Select(page => $"  in PagerDuty: {page}, notes: {string.Join("; ", page.Notes)}"));
            if (target.BigPanda.Incidents.TryFind(id, out var incident)) lines.AddRange(incident.Activities.Select(one => $"  in BigPanda: {one}"));
        }

        return lines;
    }

    /// <summary>Reports an exception or a timeout of the run as an error, so that the plan is printed with it.</summary>
    private async Task<IReadOnlyList<string>> PlayBoundedAsync()
    {
        try
        {
            return await PlayAsync().WaitAsync(settlesWithin * 3, TimeProvider.System);
        }
        catch (Exception e)
        {
            return [$"while {_activity}: {e}"];
        }
    }

    private async Task<IReadOnlyList<string>> PlayAsync()
    {
        _began = target.Clock.GetUtcNow();
        using var stop = new CancellationTokenSource();
        var monitor = new FiringMonitor(target);
        var monitoring = monitor.RunAsync(stop.Token);
        using (var timeout = new CancellationTokenSource(settlesWithin * 2, TimeProvider.System))
        {
            if (plan.IsOneByOne) await PlayOneByOneAsync(timeout);
            else await PlayTogetherAsync(timeout);
        }

        _activity = "the queues drain";
        var wrong = await SettleAsync(monitor);
        _activity = "the alerts are folded again";
        wrong = [.. wrong, .. await RebuildCheck.FindErrorsAsync(() => Bridge, plan.Incidents.Select(incident => incident.Id))];
        _activity = "the monitor stops";
        await stop.CancelAsync();
        await monitoring;
        return wrong;
    }

    private Task PlayTogetherAsync(CancellationTokenSource stop) => Task.WhenAll(
        [.. plan.Incidents.Select(incident => PlayAsync(incident, stop.Token)), .. plan.Faults.Select(fault => InjectAsync(fault, stop))]);

    private async Task PlayOneByOneAsync(CancellationTokenSource stop)
    {
        foreach (var (fault, incident) in plan.Faults.Zip(plan.Incidents)) await Task.WhenAll(InjectAsync(fault, stop), PlayAsync(incident, stop.Token));
    }

    private Task PlayAsync(PlannedIncident incident, CancellationToken stop) => new IncidentPlayer(target, incident, _requests, stop).PlayAsync();

    /// <summary>Stops the players when it fails: they would wait for a host that does not come back.</summary>
    private async Task InjectAsync(PlannedFault fault, CancellationTokenSource stop)
    {
        try
        {
            await Task.Delay(fault.At, target.Clock);
            var end = await target.InjectAsync(fault);
            await Task.Delay(fault.For, target.Clock);
            await end();
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    /// <summary>Waits until two checks in a row find no error, or no remaining work could change the result.</summary>
    private async Task<IReadOnlyList<string>> SettleAsync(FiringMonitor monitor)
    {
        var start = TimeProvider.System.GetTimestamp();
        var hoursPassed = 0;
        for (var right = 0; ;)
        {
            var wrong = await FindErrorsAsync(monitor);
            right = wrong.Count == 0 ? right + 1 : 0;
            var waited = TimeProvider.System.GetElapsedTime(start);
            if (right == 2 || waited > settlesWithin) return wrong;
            // Without queued work the errors are final: there is nothing to wait for. The last of the work may have ended after they were read.
            if (waited > settlesWithin / 4 && await IsQuietAsync()) return await FindErrorsAsync(monitor);
            if (hoursPassed < plan.HoursAhead && waited > settlesWithin / 4 * (hoursPassed + 1))
            {
                // What was scheduled by a clock that was an hour ahead is due an hour late.
                _activity = "an hour passes";
                await target.InjectAsync(new PlannedFault(TimeSpan.Zero, TimeSpan.Zero, FaultKind.ClockForward));
                hoursPassed++;
            }

            foreach (var timer in Timers)
            {
                _activity = $"{timer} runs, with {wrong.Count} wrong: {string.Join("; ", wrong.Take(5))}";
                await target.RunTimerAsync(timer);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private async Task<bool> IsQuietAsync() => target is InProcessTarget && !target.IsInTransit && await target.DescribeRemainingAsync() is null;

    private async Task<IReadOnlyList<string>> FindErrorsAsync(FiringMonitor monitor)
    {
        List<string> wrong = [.. target.Refusals];
        if (target.IsInTransit) wrong.Add("webhooks are still in transit");
        if (await target.DescribeRemainingAsync() is { } left) wrong.Add(left);
        foreach (var incident in plan.Incidents) wrong.AddRange(_check.FindErrors(await CollectAsync(incident.Id, monitor)));
        return wrong;
    }

    private IReadOnlyList<ShownPage> FindPages(string id) => ShownPage.Of(target.PagerDuty.Account, id, at => plan.HidesPagerDuty(at - _began));

    private async Task<IncidentOutcome> CollectAsync(string id, FiringMonitor monitor)
    {
        var answer = await Bridge.GetAsync(BridgeClient.AlertPath(id));
        Assert.True(target.BigPanda.Incidents.TryFind(id, out var inBigPanda), $"{id} was not played.");
        return new IncidentOutcome(id)
        {
            Webhooks = [.. target.Relay.Sent.Where(webhook => webhook.IncidentId == id).DistinctBy(webhook => Convert.ToBase64String(webhook.Body))],
            InBigPanda = inBigPanda,
            Alert = answer.Status == 200 ? answer.Read<SeenAlert>() : null,
            Requests = [.. _requests.Where(request => request.IncidentId == id)],
            Resolves =
            [
                .. target.BigPanda.AcceptedResolves.Where(resolve => resolve.IncidentId == id).Select(resolve => resolve with { At = resolve.At - plan.Skew }),
            ],
            Pages = FindPages(id),
            ShownFirings = [.. monitor.ShownFirings.Where(shown => shown.IncidentId == id)],
        };
    }
}
