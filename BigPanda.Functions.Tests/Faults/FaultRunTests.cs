namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// Seeded runs in which everything goes wrong at once and in the end nothing is: no webhook lost, no alert wrong, nothing closed that had reopened, no
/// dead letter.
/// </summary>
public sealed class FaultRunTests
{
    private static readonly PlanSize Short = new(Incidents: 40, Faults: 8, Span: TimeSpan.FromSeconds(60));
    private static readonly PlanSize Killing = new(Incidents: 30, Faults: 3, Span: TimeSpan.FromSeconds(15)) { InProcess = false, Kills = 2 };
    private static readonly TimeSpan RestsWithin = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task Nothing_is_wrong_after_tables_broker_and_BigPanda_have_failed(int seed)
    {
        var plan = FaultPlan.From(seed, Short);
        return FaultRun.PassesAsync(plan, new HostedStage(new RunClock(speed: 6), plan), RestsWithin);
    }

    [Theory]
    [InlineData(2)]
    public Task Nothing_is_wrong_after_kills(int seed)
    {
        var plan = FaultPlan.From(seed, Killing);
        return FaultRun.PassesAsync(plan, new ProcessStage(new RunClock(speed: 1), plan), RestsWithin);
    }
}
