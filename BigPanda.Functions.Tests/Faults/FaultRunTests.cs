using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// Seeded runs with overlapping faults. At the end no webhook is lost, no alert is wrong, no reopened incident was closed and there is no dead letter.
/// </summary>
public sealed class FaultRunTests
{
    private static readonly PlanSize Short = new(Incidents: 40, Faults: 8, Span: TimeSpan.FromSeconds(60));
    private static readonly PlanSize Killing = new(Incidents: 30, Faults: 3, Span: TimeSpan.FromSeconds(15)) { InProcess = false, Kills = 2 };
    private static readonly PlanSize Long = new(Incidents: 150, Faults: 14, Span: TimeSpan.FromMinutes(4));
    private static readonly PlanSize LongKilling = new(Incidents: 100, Faults: 8, Span: TimeSpan.FromMinutes(1)) { InProcess = false, Kills = 7 };
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(90);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [InlineData(1)]
    public Task State_is_correct_after_faults_of_tables_broker_and_BigPanda(int seed) => PlayHostedAsync(FaultPlan.From(seed, Short));

    [Theory]
    [InlineData(2)]
    public Task State_is_correct_after_kills(int seed) => PlayKillingAsync(FaultPlan.From(seed, Killing));

    /// <summary>Four seeds for each clock skew; every third seed with kills.</summary>
    [LongTheory]
    [MemberData(nameof(Seeds))]
    public Task State_is_correct_after_a_long_run(int seed) =>
        seed % 3 == 0 ? PlayKillingAsync(FaultPlan.From(seed, LongKilling)) : PlayHostedAsync(FaultPlan.From(seed, Long));

    private static Task PlayHostedAsync(FaultPlan plan) => FaultRun.AssertPassesAsync(plan, new InProcessTarget(new RunClock(speed: 6), plan), SettlesWithin);

    private static Task PlayKillingAsync(FaultPlan plan) => FaultRun.AssertPassesAsync(plan, new ProcessTarget(new RunClock(speed: 1), plan), SettlesWithin);
}
