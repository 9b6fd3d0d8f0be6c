using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// Bounds the bytes of large webhooks in memory. BigPanda does not retry a refused webhook, so beyond the bound a request waits, in order of arrival,
/// before its body is read; small bodies never wait.
/// </summary>
public sealed class IntakeBudget(IOptions<IntakeOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>How long a request waits before it gets 503. BigPanda's timeout is not documented; ten seconds are usual.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(8);

    /// <summary>The unit of a share; a body of one unit or less needs no share.</summary>
    private const int UnitBytes = 64 * 1024;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Units(Math.Max(options.Value.MaxBytesInFlight, options.Value.MaxBodyBytes)),
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <param name="bytes">The body's length; null, for an unknown length, takes the share of the largest body.</param>
    /// <returns>The share, to dispose when the body is stored; null when none was free in time.</returns>
    internal async ValueTask<IDisposable?> TakeAsync(long? bytes, CancellationToken cancellationToken)
    {
        if (bytes <= UnitBytes) return Free.Share;
        var units = Units(Math.Min(bytes ?? options.Value.MaxBodyBytes, options.Value.MaxBodyBytes));
        if (_limiter.AttemptAcquire(units) is { IsAcquired: true } lease) return lease;

        using var deadline = new CancellationTokenSource(MaxWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await _limiter.AcquireAsync(units, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _limiter.Dispose();

    private static int Units(long bytes) => (int)((bytes + UnitBytes - 1) / UnitBytes);

    private sealed class Free : IDisposable
    {
        public static readonly Free Share = new();

        public void Dispose()
        {
        }
    }
}
