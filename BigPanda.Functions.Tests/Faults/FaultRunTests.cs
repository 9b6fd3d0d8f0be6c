using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// Seeded runs with overlapping faults. At the end no webhook is lost, no alert or page is wrong, no reopened incident was closed, nothing is left to do and
/// the only dead letters are those of the plan.
/// </summary>
[StartsFirst]
public sealed class FaultRunTests
{
    private static readonly PlanSize Short = new(Incidents: 40, Faults: 12, Span: TimeSpan.FromSeconds(60)) { Instances = 2 };
    private static readonly PlanSize Long = new(Incidents: 500, Faults: 40, Span: TimeSpan.FromMinutes(24)) { Steps = 24 };
    private static readonly PlanSize LongKilling = new(Incidents: 500, Faults: 20, Span: TimeSpan.FromMinutes(5)) { InProcess = false, Kills = 20, Steps = 24 };
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LongSettlesWithin = TimeSpan.FromMinutes(10);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [InlineData(1)]
    public Task State_is_correct_after_faults_of_tables_broker_and_vendors(int seed) => PlayHostedAsync(seed, Short, SettlesWithin);

    /// <summary>Four seeds for each clock skew. Every third seed with kills; of the others every second with two instances.</summary>
    [LongTheory]
    [MemberData(nameof(Seeds))]
    public Task State_is_correct_after_a_long_run(int seed) => seed % 3 == 0
        ? PlayKillingAsync(seed, LongKilling, LongSettlesWithin)
        : PlayHostedAsync(seed, Long with { Instances = 1 + (seed % 2) }, LongSettlesWithin);

    private static Task PlayHostedAsync(int seed, PlanSize size, TimeSpan settlesWithin)
    {
        var plan = FaultPlan.From(seed, size);
        return FaultRun.AssertPassesAsync(plan, new InProcessTarget(new RunClock(speed: 6), plan, size.Instances), settlesWithin);
    }

    private static Task PlayKillingAsync(int seed, PlanSize size, TimeSpan settlesWithin)
    {
        var plan = FaultPlan.From(seed, size);
        return FaultRun.AssertPassesAsync(plan, new ProcessTarget(new RunClock(speed: 1), plan), settlesWithin);
    }
}
