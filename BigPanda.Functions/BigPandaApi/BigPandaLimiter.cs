using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.BigPandaApi;

/// <summary>Spaces the calls evenly, so that no second holds more than BigPanda allows. One for this process: see docs/decisions/0004-closing-in-bigpanda.md.</summary>
public sealed class BigPandaLimiter(IOptions<BigPandaOptions> options) : IDisposable
{
    /// <summary>Some twenty seconds of calls; a message that would wait longer is put off instead of holding its lock.</summary>
    private const int MaxWaiting = 100;

    private readonly TokenBucketRateLimiter _limiter = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = 1,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1 / options.Value.CallsPerSecond),
        QueueLimit = MaxWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public ValueTask<RateLimitLease> WaitAsync(CancellationToken cancellationToken) => _limiter.AcquireAsync(1, cancellationToken);

    public void Dispose() => _limiter.Dispose();
}
