using BigPanda.Functions.Tests.Faults;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>
/// A bridge of two instances, and a third one that takes requests only: its clock runs twenty times as fast, so that it soon reads again what it keeps.
/// </summary>
public sealed class TwoInstancesFixture : AppFixture
{
    private AppInstance? _second;
    private AppInstance? _fast;

    internal AppInstance Second => _second ?? throw new InvalidOperationException("The bridge has not been started.");

    internal AppInstance Fast => _fast ?? throw new InvalidOperationException("The bridge has not been started.");

    internal BridgeClient SecondBridge => new(Host.Setup.At(Second.BaseUrl));

    internal BridgeClient FastBridge => new(Host.Setup.At(Fast.BaseUrl));

    /// <summary>So few that both get work.</summary>
    protected override int? MaxConcurrentSessions => 4;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await BigPanda.TakeAnyRateAsync();
        _second = await Host.AddInstanceAsync(Clock);
        _fast = await Host.AddInstanceAsync(new RunClock(speed: 20), takesWork: false);
    }
}
