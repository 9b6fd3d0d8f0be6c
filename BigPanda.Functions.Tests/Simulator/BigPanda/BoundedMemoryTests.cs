using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class BoundedMemoryTests
{
    [Fact]
    public void A_history_keeps_the_newest()
    {
        var history = new BoundedHistory<int>(3);

        for (var i = 1; i <= 5; i++)
            history.Add(i);

        Assert.Equal([3, 4, 5], history.Items);
    }

    [Fact]
    public async Task A_history_can_be_waited_for()
    {
        var history = new BoundedHistory<int>(3);
        using var patience = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);

        var two = history.WaitUntilAsync(items => items.Count == 2, patience.Token);
        history.Add(1);
        Assert.False(two.IsCompleted);
        history.Add(2);

        Assert.Equal([1, 2], await two);
    }

    [Fact]
    public void The_oldest_incidents_are_forgotten()
    {
        var incidents = new SimulatedIncidents(capacity: 2);

        foreach (var id in new[] { "a", "b", "c" })
            incidents.Change(id, _ => IncidentLifecycle.Begin(new NewIncident { Id = id }, 0));

        Assert.Equal(["b", "c"], incidents.All.Select(i => i.Id));
        Assert.False(incidents.TryFind("a", out _));
    }

    [Fact]
    public void The_oldest_alerts_are_no_duplicates_any_more()
    {
        var intake = new AlertIntake(capacity: 2);

        var taken = new[] { "a", "b", "c", "a", "c" }.Select(host => intake.TryTake(new() { ["host"] = host }));

        Assert.Equal([true, true, true, true, false], taken);
    }
}
