using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// Seeded runs in which everything goes wrong at once and in the end nothing is: no webhook lost, no alert wrong, nothing closed that had reopened, no
/// dead letter.
/// </summary>
public sealed class FaultRunTests
{
    private static readonly PlanSize Short = new(Incidents: 40, Faults: 8, Span: TimeSpan.FromSeconds(60));
    private static readonly PlanSize Killing = new(Incidents: 30, Faults: 3, Span: TimeSpan.FromSeconds(15)) { InProcess = false, Kills = 2 };
    private static readonly PlanSize Long = new(Incidents: 150, Faults: 14, Span: TimeSpan.FromMinutes(4));
    private static readonly PlanSize LongKilling = new(Incidents: 100, Faults: 8, Span: TimeSpan.FromMinutes(1)) { InProcess = false, Kills = 7 };
    private static readonly TimeSpan RestsWithin = TimeSpan.FromSeconds(90);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [InlineData(1)]
    public Task Nothing_is_wrong_after_tables_broker_and_BigPanda_have_failed(int seed) => PlayHostedAsync(FaultPlan.From(seed, Short));

    [Theory]
    [InlineData(2)]
    public Task Nothing_is_wrong_after_kills(int seed) => PlayKillingAsync(FaultPlan.From(seed, Killing));

    /// <summary>Four seeds with each of the clocks, every third with kills.</summary>
    [LongTheory]
    [MemberData(nameof(Seeds))]
    public Task Nothing_is_wrong_after_a_long_run(int seed) =>
        seed % 3 == 0 ? PlayKillingAsync(FaultPlan.From(seed, LongKilling)) : PlayHostedAsync(FaultPlan.From(seed, Long));

    private static Task PlayHostedAsync(FaultPlan plan) => FaultRun.PassesAsync(plan, new HostedStage(new RunClock(speed: 6), plan), RestsWithin);

    private static Task PlayKillingAsync(FaultPlan plan) => FaultRun.PassesAsync(plan, new ProcessStage(new RunClock(speed: 1), plan), RestsWithin);
}
