namespace BigPanda.LocalHost.Faults;

/// <summary>What makes a host fail on request: its clock and the step at which it dies.</summary>
internal sealed record HostFaults
{
    public AdvancedClock Clock { get; } = new();

    public KillPoint Kill { get; } = new();
}
