using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The bridge in a separate process, as users start it: it can be killed at any moment.</summary>
internal sealed class ProcessTarget(RunClock clock, FaultPlan plan) : FaultTarget(clock, plan)
{
    /// <summary>Held while the host is down: the next fault of the plan waits until the host has restarted.</summary>
    private readonly SemaphoreSlim _up = new(1);

    private HostProcess? _process;
    private volatile BridgeClient? _bridge;

    public override BridgeClient? Bridge => _bridge;

    public override async Task StartAsync()
    {
        await base.StartAsync();
        _process = new HostProcess(Folder, BigPanda.Url, Settings);
        var bridge = await _process.StartAsync();
        await ConnectAsync(bridge);
        _bridge = bridge;
    }

    public override async Task<Func<Task>> InjectAsync(PlannedFault fault)
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
                return RestartAsync;
            default:
                return await base.InjectAsync(fault);
        }
    }

    public override async Task RunTimerAsync(string timer)
    {
        if (_bridge is { } bridge) (await bridge.PostAsync($"/admin/functions/{timer}", "{}")).Expect(202);
    }

    /// <summary>Only the dead letters can be seen from outside the process.</summary>
    public override async Task<string?> DescribeRemainingAsync()
    {
        if (_bridge is not { } bridge) return "the host is down";
        var ready = await bridge.GetAsync("/api/health/ready");
        return ready.Body.Contains("no dead letters", StringComparison.Ordinal) ? null : $"health says {ready}";
    }

    public override string ToString() => _process?.Printed ?? "";

    private async Task RestartAsync()
    {
        // The restart stops the Azurite that was left behind; a frozen Azurite does not react to that.
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

    private HostProcess Process => _process ?? throw new InvalidOperationException("The target has not been started.");
}
