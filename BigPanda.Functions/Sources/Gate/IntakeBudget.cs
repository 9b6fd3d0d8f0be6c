using BigPanda.Functions.Storage;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// Bounds the bytes of large webhooks in memory. BigPanda does not retry a refused webhook, so beyond the bound a request waits, in order of arrival,
/// before its body is read; small bodies never wait.
/// </summary>
public sealed class IntakeBudget(IOptions<IntakeOptions> options, MemoryRelief relief, TimeProvider time) : IDisposable
{
    /// <summary>The body as received and as stored.</summary>
    private const int Copies = 2;

    /// <summary>
    /// A request gets 503 after eight seconds in which no part of a large webhook was read or stored. While they are it waits on: a refusal loses the webhook
    /// for certain, and BigPanda's timeout is not documented.
    /// </summary>
    internal static readonly ByteBudget.Patience Patience = new(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(100));

    private readonly ByteBudget _bytes = new(options.Value.MaxBytesInFlight, relief, time);

    /// <param name="bytes">The body's length; null, for an unknown length, takes the share of the largest body.</param>
    /// <returns>The share, to dispose when the body is stored; null when none was free in time.</returns>
    internal ValueTask<ByteShare?> TakeAsync(long? bytes, CancellationToken cancellationToken) => _bytes.TakeAsync(
        Math.Min(bytes ?? options.Value.MaxBodyBytes, options.Value.MaxBodyBytes), Copies, Patience, cancellationToken);

    public void Dispose() => _bytes.Dispose();
}
