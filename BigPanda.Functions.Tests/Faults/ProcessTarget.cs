using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The bridge in a separate process, as users start it: it can be killed at any moment.</summary>
internal sealed class ProcessTarget(RunClock clock, FaultPlan plan) : FaultTarget(clock, plan)
{
    private HostProcess? _process;

    protected override Task<BridgeClient> StartBridgeAsync()
    {
        _process = new HostProcess(Folder, BigPanda.Url, Settings);
        return _process.StartAsync();
    }

    public override async Task<Func<Task>> InjectAsync(PlannedFault fault)
    {
        if (fault.Kind != FaultKind.HostKilled) return await base.InjectAsync(fault);
        await Running.WaitAsync();
        Bridge = null;
        await Process.KillAsync();
        return RestartAsync;
    }

    public override async Task RunTimerAsync(string timer)
    {
        if (Bridge is { } bridge) (await bridge.PostAsync($"/admin/functions/{timer}", "{}")).Expect(202);
    }

    /// <summary>Only the dead letters can be seen from outside the process.</summary>
    public override async Task<string?> DescribeRemainingAsync()
    {
        if (Bridge is not { } bridge) return "the host is down";
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
            Bridge = await Process.StartAsync();
        }
        finally
        {
            Running.Release();
        }
    }

    protected override ValueTask DisposeBridgeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private HostProcess Process => _process ?? throw new InvalidOperationException("The target has not been started.");
}
