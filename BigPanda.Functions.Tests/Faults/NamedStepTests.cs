using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Faults;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The host dies as by kill -9 at each step of its work, one after the other, and is started again: nothing is lost, wrong or done twice.</summary>
[StartsFirst]
public sealed class NamedStepTests
{
    /// <summary>In the order of an alert's work.</summary>
    private static readonly string[] Steps =
    [
        HostStep.After(BusOperations.Send, Queues.AlertEvents), HostStep.BeforeTransaction, HostStep.AfterTransaction,
        HostStep.Before(BusOperations.Send, Queues.PagerDutyActions), HostStep.After(BusOperations.Send, Queues.PagerDutyActions),
        HostStep.Before(BusOperations.Settle, Queues.AlertEvents), HostStep.Before(BusOperations.Settle, Queues.PagerDutyActions),
        HostStep.After(BusOperations.Send, Queues.BigPandaActions), HostStep.Before(BusOperations.Settle, Queues.BigPandaActions),
    ];

    [Fact]
    public async Task A_host_that_dies_at_any_step_loses_nothing_and_does_nothing_twice()
    {
        var plan = Plan();
        var target = new ProcessTarget(new RunClock(speed: 1), plan) { StepWithin = TimeSpan.FromMinutes(2) };

        await FaultRun.AssertPassesAsync(plan, target, TimeSpan.FromMinutes(4));

        Assert.Equal(Steps, target.Reached);
    }

    /// <summary>For each step an incident whose work comes to it: it is paged, commented and resolved by a person.</summary>
    private static FaultPlan Plan() => new(
        Seed: 1, TimeSpan.Zero,
        [.. Steps.Index().Select(step => new PlannedIncident($"step-{step.Index}", "critical",
        [
            After(1, StepKind.New), After(0.5, StepKind.CommentHere), After(0.5, StepKind.AnnotatePage),
            After(0.1, step.Index % 2 == 0 ? StepKind.ResolveHere : StepKind.ResolvePage), After(0.1, StepKind.ResolveHere),
        ]))],
        [.. Steps.Select(step => new PlannedFault(TimeSpan.Zero, TimeSpan.Zero, FaultKind.HostKilledAtStep) { Step = step })])
    {
        IsOneByOne = true,
    };

    private static PlannedStep After(double seconds, StepKind kind) => new(TimeSpan.FromSeconds(seconds), kind);
}
