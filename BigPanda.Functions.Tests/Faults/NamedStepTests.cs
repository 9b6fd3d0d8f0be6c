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
        HostStep.Before(BusOperations.Send, Queues.BigPandaActions), HostStep.After(BusOperations.Send, Queues.BigPandaActions),
        HostStep.Before(BusOperations.Settle, Queues.BigPandaActions),
        // A vendor has done it and answered, and the host dies before it has reported that.
        HostStep.AfterAnswer(HostStep.Page("trigger")), HostStep.AfterAnswer(HostStep.Comment), HostStep.AfterAnswer(HostStep.Note),
        HostStep.AfterAnswer(HostStep.Close), HostStep.AfterAnswer(HostStep.Page("resolve")),
    ];

    [Fact]
    public async Task A_host_that_dies_at_any_step_loses_nothing_and_does_nothing_twice()
    {
        var plan = Plan();
        // A vendor's answer that comes too late does not reach its step, and a process that has just been started is slow.
        var target = new ProcessTarget(new RunClock(speed: 1), plan) { StepWithin = TimeSpan.FromMinutes(2), CallTimeout = TimeSpan.FromSeconds(6) };

        await FaultRun.AssertPassesAsync(plan, target, TimeSpan.FromMinutes(8));

        Assert.Equal(Steps, target.Reached);
        Assert.All(plan.Incidents, incident =>
        {
            Assert.Single(target.BigPanda.AcceptedResolves, resolve => resolve.IncidentId == incident.Id);
            var notes = ShownPage.Of(target.PagerDuty.Account, incident.Id).SelectMany(page => page.Notes).ToList();
            Assert.Equal(notes.Distinct(), notes);
        });
        Assert.All(plan.Incidents.Zip(Steps), one => Assert.Equal(
            IsReopened(one.Second), target.BigPanda.Incidents.TryFind(one.First.Id, out var incident) && incident.Active));
    }

    private static FaultPlan Plan() => new(
        Seed: 1, TimeSpan.Zero, [.. Steps.Select(IncidentFor)],
        [.. Steps.Select(step => new PlannedFault(TimeSpan.Zero, TimeSpan.Zero, FaultKind.HostKilledAtStep) { Step = step })])
    {
        IsOneByOne = true,
    };

    /// <summary>An incident whose work comes to the step: it is paged, commented and resolved by a person.</summary>
    private static PlannedIncident IncidentFor(string step, int number) => new($"step-{number}", "critical",
    [
        After(0.5, StepKind.New), After(0.5, StepKind.CommentHere), After(0.5, StepKind.AnnotatePage) with { WaitsUntilPossible = true },
        After(0.1, number % 2 == 0 ? StepKind.ResolveHere : StepKind.ResolvePage),
        After(0.1, IsReopened(step) ? StepKind.Reopen : StepKind.ResolveHere) with { WaitsUntilPossible = true },
    ]);

    /// <summary>BigPanda has closed it, and opens it again before the host is back: a second close would be unwanted.</summary>
    private static bool IsReopened(string step) => step == HostStep.AfterAnswer(HostStep.Close);

    private static PlannedStep After(double seconds, StepKind kind) => new(TimeSpan.FromSeconds(seconds), kind);
}
