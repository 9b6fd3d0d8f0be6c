using System.Collections.Concurrent;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Plays a plan, lets everything come to rest, and says what is wrong then.</summary>
internal sealed class FaultRun(FaultPlan plan, Stage stage, TimeSpan restsWithin)
{
    /// <summary>What a close may be late by on a machine that does much else, by the machine's clock.</summary>
    private static readonly TimeSpan OnTheWire = TimeSpan.FromSeconds(2);

    private static readonly string[] Timers = ["ReleaseParkedActions", "SendPendingActions"];

    private readonly ConcurrentQueue<Order> _orders = [];
    private volatile string _doing = "it plays the plan";
    private readonly Checker _checker = new(stage.Clock.Scaled(OnTheWire));

    /// <summary>Fails with the plan when anything is wrong: its seed makes the same plan again.</summary>
    public static async Task PassesAsync(FaultPlan plan, Stage stage, TimeSpan restsWithin)
    {
        await using (stage)
        {
            await stage.SetAsync();
            var wrong = await new FaultRun(plan, stage, restsWithin).PlayBoundedAsync();
            Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:{Environment.NewLine}{string.Join(Environment.NewLine, wrong)}{Environment.NewLine}{plan}{stage}");
        }
    }

    /// <summary>A run that breaks or hangs says with what plan, too.</summary>
    private async Task<IReadOnlyList<string>> PlayBoundedAsync()
    {
        try
        {
            return await PlayAsync().WaitAsync(restsWithin * 3, TimeProvider.System);
        }
        catch (Exception e)
        {
            return [$"while {_doing}: {e}"];
        }
    }

    private async Task<IReadOnlyList<string>> PlayAsync()
    {
        using var rest = new CancellationTokenSource();
        var onlooker = new Onlooker(stage);
        var watching = onlooker.WatchAsync(rest.Token);
        using (var patience = new CancellationTokenSource(restsWithin * 2, TimeProvider.System))
        {
            await Task.WhenAll([.. plan.Incidents.Select(incident => new Story(stage, incident, _orders, patience.Token).PlayAsync()), InjectAsync()]);
        }

        _doing = "it comes to rest";
        var wrong = await RestAsync(onlooker);
        _doing = "the onlooker ends";
        await rest.CancelAsync();
        await watching;
        return wrong;
    }

    private Task InjectAsync() => Task.WhenAll(plan.Faults.Select(async fault =>
    {
        await Task.Delay(fault.At, stage.Clock);
        var end = await stage.BeginAsync(fault);
        await Task.Delay(fault.For, stage.Clock);
        await end();
    }));

    /// <summary>Until nothing is wrong twice in a row, with nothing left to do: what is wrong then stays wrong.</summary>
    private async Task<IReadOnlyList<string>> RestAsync(Onlooker onlooker)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var right = 0; ;)
        {
            var wrong = await WrongAsync(onlooker);
            right = wrong.Count == 0 ? right + 1 : 0;
            var waited = TimeProvider.System.GetElapsedTime(start);
            // Where nothing is left that could change it, it need not be waited for.
            if (right == 2 || waited > restsWithin || (waited > restsWithin / 4 && await IsQuietAsync())) return wrong;
            foreach (var timer in Timers)
            {
                _doing = $"{timer} runs, with {wrong.Count} wrong: {string.Join("; ", wrong.Take(5))}";
                await stage.TickAsync(timer);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private async Task<bool> IsQuietAsync() => stage is HostedStage && stage.Wire.IsEmpty && await stage.LeftAsync() is null;

    private async Task<IReadOnlyList<string>> WrongAsync(Onlooker onlooker)
    {
        List<string> wrong = [.. stage.Wire.Refusals];
        if (!stage.Wire.IsEmpty) wrong.Add("webhooks are on the wire still");
        if (await stage.LeftAsync() is { } left) wrong.Add(left);
        foreach (var incident in plan.Incidents) wrong.AddRange(_checker.Complaints(await LifeAsync(incident.Id, onlooker)));
        return wrong;
    }

    private async Task<SeenLife> LifeAsync(string id, Onlooker onlooker)
    {
        var bridge = stage.Bridge ?? throw new InvalidOperationException("The host is down at the end of the plan.");
        var answer = await bridge.GetAsync(BridgeClient.AlertPath(id));
        Assert.True(stage.BigPanda.Incidents.TryFind(id, out var inBigPanda), $"{id} was not played.");
        return new SeenLife(id)
        {
            Webhooks = [.. stage.Wire.Sent.Where(webhook => webhook.IncidentId == id).DistinctBy(webhook => Convert.ToBase64String(webhook.Body))],
            InBigPanda = inBigPanda,
            Alert = answer.Status == 200 ? answer.Read<SeenAlert>() : null,
            Orders = [.. _orders.Where(order => order.IncidentId == id)],
            Resolves = [.. stage.BigPanda.AcceptedResolves.Where(resolve => resolve.IncidentId == id).Select(resolve => resolve with { At = resolve.At - plan.Skew })],
            Shown = [.. onlooker.Shown.Where(shown => shown.IncidentId == id)],
        };
    }
}
