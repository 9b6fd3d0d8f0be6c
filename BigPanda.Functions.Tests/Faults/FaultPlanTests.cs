namespace BigPanda.Functions.Tests.Faults;

public sealed class FaultPlanTests
{
    private static readonly PlanSize Size = new(Incidents: 40, Faults: 14, Span: TimeSpan.FromSeconds(60)) { Kills = 3 };

    [Fact]
    public void The_same_seed_makes_the_same_plan_and_another_seed_another()
    {
        Assert.Equal(FaultPlan.From(7, Size).ToString(), FaultPlan.From(7, Size).ToString());
        Assert.NotEqual(FaultPlan.From(7, Size).ToString(), FaultPlan.From(8, Size).ToString());
        Assert.Equal(FaultPlan.From(7, Size).ArrivalsOf("fault-7-3", 2), FaultPlan.From(7, Size).ArrivalsOf("fault-7-3", 2));
    }

    [Fact]
    public void Twenty_seeds_have_every_step_every_fault_and_every_skew()
    {
        var plans = Enumerable.Range(1, 20).Select(seed => FaultPlan.From(seed, Size)).ToList();

        Assert.Equal(
            Enum.GetValues<StepKind>(),
            plans.SelectMany(plan => plan.Incidents).SelectMany(incident => incident.Steps).Select(step => step.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<FaultKind>(), plans.SelectMany(plan => plan.Faults).Select(fault => fault.Kind).Distinct().Order());
        Assert.Equal([-3600, -20, 0, 20, 3600], plans.Select(plan => plan.Skew.TotalSeconds).Distinct().Order());
    }

    [Fact]
    public void A_killed_host_is_restarted_before_the_next_kill()
    {
        foreach (var plan in Enumerable.Range(1, 100).Select(seed => FaultPlan.From(seed, Size)))
        {
            var kills = plan.Faults.Where(fault => fault.Kind == FaultKind.HostKilled).ToList();
            Assert.All(kills.Zip(kills.Skip(1)), pair => Assert.True(pair.First.At + pair.First.For < pair.Second.At, plan.ToString()));
        }
    }

    [Fact]
    public void Webhooks_arrive_late_and_more_than_once()
    {
        var arrivals = Enumerable.Range(0, 200).Select(number => FaultPlan.From(1, Size).ArrivalsOf("fault-1-0", number)).ToList();

        Assert.Contains(arrivals, copies => copies.Count > 1);
        Assert.Contains(arrivals, copies => copies.Max() > TimeSpan.FromSeconds(5));
        Assert.InRange(arrivals.Count(copies => copies is [var only] && only < TimeSpan.FromSeconds(1)), 100, 180);
    }
}
