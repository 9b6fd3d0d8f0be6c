using System.Diagnostics;
using BigPanda.LocalHost.Bus;

namespace BigPanda.LocalHost.Faults;

/// <summary>Kills this process with SIGKILL when its work reaches a named step. Nothing behind the step runs, and nothing is cleaned up.</summary>
internal sealed class KillPoint : IBusSteps
{
    private readonly Lock _gate = new();
    private string? _step;
    private int _passes;

    /// <param name="passes">How often the step is passed before.</param>
    public void Arm(string step, int passes)
    {
        lock (_gate)
            (_step, _passes) = (step, passes);
    }

    public void Reach(string step)
    {
        lock (_gate)
        {
            if (_step != step || _passes-- > 0)
                return;
            Process.GetCurrentProcess().Kill();
            // The signal has no handler; until it arrives this thread and all that come to the step wait.
            Thread.CurrentThread.Join();
        }
    }

    void IBusSteps.Begin(BusOperations operation, string queue) => Reach(HostStep.Before(operation, queue));

    void IBusSteps.End(BusOperations operation, string queue) => Reach(HostStep.After(operation, queue));
}
