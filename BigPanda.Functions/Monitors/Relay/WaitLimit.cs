using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>How long a delivery may wait while its session's lock can be renewed.</summary>
internal sealed class WaitLimit(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _over = new(OutageWait.MaxWait, time);
    private readonly long _begin = time.GetTimestamp();

    public CancellationToken Token => _over.Token;

    /// <summary>Since the delivery began.</summary>
    public TimeSpan Passed => time.GetElapsedTime(_begin);

    public bool Allows(TimeSpan delay) => Passed + delay < OutageWait.MaxWait;

    public void Dispose() => _over.Dispose();
}
