using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The bridge as its users start it, which can be killed in the middle of anything.</summary>
internal sealed class ProcessStage(RunClock clock, FaultPlan plan) : Stage(clock, plan)
{
    /// <summary>Held while the host is down: a start takes as long as it takes, and what the plan has next waits for it.</summary>
    private readonly SemaphoreSlim _up = new(1);

    private HostProcess? _process;
    private volatile BridgeClient? _bridge;

    public override BridgeClient? Bridge => _bridge;

    public override async Task SetAsync()
    {
        await base.SetAsync();
        _process = new HostProcess(Folder, BigPanda.Url, Settings);
        var bridge = await _process.StartAsync();
        await ConnectAsync(bridge);
        _bridge = bridge;
    }

    public override async Task<Func<Task>> BeginAsync(PlannedFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.TablesFrozen:
                await _up.WaitAsync();
                var thaw = FrozenTables.Freeze(Folder);
                _up.Release();
                return thaw;
            case FaultKind.HostKilled:
                await _up.WaitAsync();
                _bridge = null;
                await Process.KillAsync();
                return StartAgainAsync;
            default:
                return await base.BeginAsync(fault);
        }
    }

    public override async Task TickAsync(string timer)
    {
        if (_bridge is { } bridge) (await bridge.PostAsync($"/admin/functions/{timer}", "{}")).Expect(202);
    }

    /// <summary>From outside only the dead letters can be seen.</summary>
    public override async Task<string?> LeftAsync()
    {
        if (_bridge is not { } bridge) return "the host is down";
        var ready = await bridge.GetAsync("/api/health/ready");
        return ready.Body.Contains("no dead letters", StringComparison.Ordinal) ? null : $"health says {ready}";
    }

    public override string ToString() => _process?.Printed ?? "";

    private async Task StartAgainAsync()
    {
        // A start ends the Azurite that was left behind, which one that is frozen cannot.
        FrozenTables.Thaw(Folder);
        try
        {
            _bridge = await Process.StartAsync();
        }
        finally
        {
            _up.Release();
        }
    }

    protected override async ValueTask DisposeBridgeAsync()
    {
        FrozenTables.Thaw(Folder);
        if (_process is not null) await _process.DisposeAsync();
        _up.Dispose();
    }

    private HostProcess Process => _process ?? throw new InvalidOperationException("The stage has not been set.");
}
