namespace BigPanda.Functions.Messaging;

/// <summary>
/// What this process knows of the broker. While it refuses, one of those who wait asks again, on a schedule, and all go on as soon as it
/// accepts anything: a hundred messages that wait here cost one call a time, not a hundred.
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
            // Calls that were under way together are one refusal.
            if (_refusals == 0 || time.GetUtcNow() >= _next) CountRefusal(time.GetUtcNow());
        }
    }

    /// <summary>Completes when the broker accepts again or it is the caller's turn to ask. False when that is after the deadline.</summary>
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
                    // The others wait for this one's answer.
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
        await Task.WhenAny(accepted, Task.Delay(rest, time, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
