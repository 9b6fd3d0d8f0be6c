namespace BigPanda.Functions.Messaging;

/// <summary>
/// Whether the broker accepts calls, shared by all work in this process. While it refuses, one waiter at a time retries on a schedule and
/// all continue as soon as it accepts anything: a hundred waiting messages cost one call, not a hundred.
/// </summary>
public sealed class BrokerGate(TimeProvider time)
{
    private readonly Lock _lock = new();
    private volatile int _refusals;
    private DateTimeOffset _next;
    private TaskCompletionSource _accepted = NewSignal();

    internal void ReportAccepted()
    {
        if (_refusals == 0) return;
        lock (_lock)
        {
            if (_refusals == 0) return;
            _refusals = 0;
            _accepted.SetResult();
            _accepted = NewSignal();
        }
    }

    internal void ReportRefused()
    {
        lock (_lock)
        {
            // Concurrent calls count as one refusal.
            if (_refusals == 0 || time.GetUtcNow() >= _next) CountRefusal(time.GetUtcNow());
        }
    }

    /// <summary>Waits until the broker accepts again or it is the caller's turn to retry. False when that is after the deadline.</summary>
    internal async Task<bool> WaitAsync(DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task accepted;
            TimeSpan rest;
            lock (_lock)
            {
                var now = time.GetUtcNow();
                if (_refusals == 0) return true;
                if (now >= _next)
                {
                    // The others wait for the result of this call.
                    CountRefusal(now);
                    return true;
                }

                if (_next > deadline) return false;
                (accepted, rest) = (_accepted.Task, _next - now);
            }

            await WaitAsync(accepted, rest, cancellationToken);
        }
    }

    private void CountRefusal(DateTimeOffset now)
    {
        _refusals++;
        _next = now + RetrySchedule.Broker.GetDelay(_refusals, null, Random.Shared.NextDouble());
    }

    private async Task WaitAsync(Task accepted, TimeSpan rest, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(accepted, Task.Delay(RetrySchedule.RoundUp(rest), time, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
