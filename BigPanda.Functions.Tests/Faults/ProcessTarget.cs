using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Azurite;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>The bridge in a separate process, as users start it: it can be killed at any moment, and dies at a step on request.</summary>
internal sealed class ProcessTarget(RunClock clock, FaultPlan plan) : FaultTarget(clock, plan)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private HostProcess? _process;
    private int _starts;

    /// <summary>How long the host's work may take to come to the step at which it dies.</summary>
    public TimeSpan StepWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The steps at which the host has died.</summary>
    public ConcurrentQueue<string> Reached { get; } = [];

    protected override async Task<IReadOnlyList<BridgeClient>> StartBridgesAsync()
    {
        _process = new HostProcess(Folder, BigPanda.Url, Settings) { TakesFaults = true };
        return [await _process.StartAsync()];
    }

    public override async Task<Func<Task>> InjectAsync(PlannedFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.HostKilled:
                await Running.WaitAsync();
                GoDown();
                await Process.KillAsync();
                return RestartAsync;
            case FaultKind.HostKilledAtStep:
                await Running.WaitAsync();
                await DieAtStepAsync(fault);
                return () => Task.CompletedTask;
            case FaultKind.TablesStopped:
                await Running.WaitAsync();
                // A frozen Azurite cannot save its tables, and loses unsaved rows when it is killed.
                FrozenTables.Thaw(Folder);
                await AskAsync(new JsonObject { ["stopTables"] = true });
                return ResumeTablesAsync;
            case FaultKind.LocksLost:
                await AskAsync(new JsonObject { ["loseLocks"] = true });
                return () => Task.CompletedTask;
            case FaultKind.ClockForward:
                return await JumpAsync(Hour);
            case FaultKind.ClockBack:
                return await JumpAsync(-Hour);
            default:
                return await base.InjectAsync(fault);
        }
    }

    public override async Task RunTimerAsync(string timer)
    {
        if (Bridge is { } bridge) (await bridge.PostAsync($"/admin/functions/{timer}", "{}")).Expect(202);
    }

    /// <summary>Of the queues only the dead letters can be seen from outside the process.</summary>
    public override async Task<string?> DescribeRemainingAsync()
    {
        if (Bridge is not { } bridge) return "the host is down";
        var left = new List<string>();
        var ready = await bridge.GetAsync("/api/health/ready");
        if (!ready.Body.Contains("no dead letters", StringComparison.Ordinal)) left.Add($"health says {ready}");
        left.AddRange(await UnsentWork.DescribeAsync(Tables));
        return left.Count > 0 ? string.Join("; ", left) : null;
    }

    public override string ToString() => _process?.Printed ?? "";

    protected override ValueTask DisposeBridgesAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>If the work does not come to the step, the host is killed where it is.</summary>
    private async Task DieAtStepAsync(PlannedFault fault)
    {
        try
        {
            await AskAsync(new JsonObject { ["killAt"] = fault.Step, ["passes"] = fault.Passes });
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // It died at the step before it answered.
        }

        if (await Process.TryWaitForEndAsync(StepWithin)) Reached.Enqueue(fault.Step ?? "");
        GoDown();
        await Process.KillAsync();
        await RestartAsync();
    }

    private async Task RestartAsync()
    {
        // The restart stops the Azurite that was left behind; a frozen Azurite does not react to that.
        FrozenTables.Thaw(Folder);
        try
        {
            Interlocked.Increment(ref _starts);
            var bridge = await Process.StartAsync();
            await DeadLeases.ReleaseAsync(Tables);
            GoUp(bridge);
        }
        finally
        {
            Running.Release();
        }
    }

    private async Task ResumeTablesAsync()
    {
        try
        {
            await AskAsync(new JsonObject { ["stopTables"] = false });
        }
        finally
        {
            Running.Release();
        }
    }

    /// <summary>A host that is started meanwhile has the machine's clock.</summary>
    private async Task<Func<Task>> JumpAsync(TimeSpan by)
    {
        await Running.WaitAsync();
        var starts = Volatile.Read(ref _starts);
        await AskAsync(new JsonObject { ["advanceSeconds"] = by.TotalSeconds });
        Running.Release();
        return async () =>
        {
            await Running.WaitAsync();
            if (starts == Volatile.Read(ref _starts)) await AskAsync(new JsonObject { ["advanceSeconds"] = -by.TotalSeconds });
            Running.Release();
        };
    }

    private async Task AskAsync(JsonObject fault)
    {
        if (Bridge is { } bridge) (await bridge.PostAsync("/admin/faults", fault.ToJsonString())).Expect(204);
    }

    private string Tables => AzuriteAccount.ConnectionString(
        AzuriteRecord.Read(Path.Combine(Folder, "azurite"))?.Port ?? throw new InvalidOperationException("Azurite does not run."));

    private HostProcess Process => _process ?? throw NotStarted();
}
