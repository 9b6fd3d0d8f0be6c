using Microsoft.Extensions.Options;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>
/// Spaces the calls evenly, so that no second holds more than BigPanda allows. Each call's turn is counted from when the one before
/// really left: a token bucket refills by its own clock, and two calls around a refill, or several after a pause of the process, make
/// six in a second. One for this process: see docs/decisions/0004-closing-in-bigpanda.md.
/// </summary>
public sealed class BigPandaLimiter(IOptions<BigPandaOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Some twenty-five seconds of calls; a message that would wait longer is put off instead of holding its lock.</summary>
    private const int MaxWaiting = 100;

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / options.Value.CallsPerSecond);
    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;
    private long? _left;

    /// <summary>Waits for the caller's turn. False, at once, when too many wait.</summary>
    internal async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                for (var rest = Rest(); rest > TimeSpan.Zero; rest = Rest()) await Task.Delay(rest, time, cancellationToken);
                _left = time.GetTimestamp();
                return true;
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _turn.Dispose();

    private TimeSpan Rest() => _left is { } left ? _interval - time.GetElapsedTime(left) : TimeSpan.Zero;
}
