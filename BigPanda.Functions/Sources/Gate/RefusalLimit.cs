using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// Limits how often a client address is refused for its credential: a burst, then one a second. Only refusals count, so a caller with a valid token is never
/// limited. System.Threading.RateLimiting's buckets take no <see cref="TimeProvider"/> and their number has no bound.
/// </summary>
public sealed class RefusalLimit(TimeProvider time)
{
    internal const int Burst = 60;

    internal const int MaxAddresses = 10_000;

    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();

    /// <summary>Of each address that was refused lately: when it has its whole burst again.</summary>
    private readonly Dictionary<UInt128, TimeSpan> _restoredAt = [];

    internal int Addresses
    {
        get
        {
            lock (_lock) return _restoredAt.Count;
        }
    }

    /// <returns>How long this caller must wait; zero when it may be refused as usual.</returns>
    internal TimeSpan WaitOf(HttpRequest request)
    {
        lock (_lock) return _restoredAt.TryGetValue(KeyOf(request), out var restoredAt) ? Wait(restoredAt) : TimeSpan.Zero;
    }

    /// <summary>Counts a refusal, unless the caller must wait.</summary>
    /// <returns>As <see cref="WaitOf"/>.</returns>
    internal TimeSpan Count(HttpRequest request)
    {
        var key = KeyOf(request);
        lock (_lock)
        {
            var now = Now;
            var isKnown = _restoredAt.TryGetValue(key, out var restoredAt);
            if (isKnown && Wait(restoredAt) is var wait && wait > TimeSpan.Zero) return wait;
            if (!isKnown) MakeRoom(now);
            _restoredAt[key] = (restoredAt > now ? restoredAt : now) + Interval;
            return TimeSpan.Zero;
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_start);

    private TimeSpan Wait(TimeSpan restoredAt) => restoredAt - Now - (Burst - 1) * Interval is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    /// <summary>A caller with thousands of addresses gets bursts for all of them, whatever is kept of them: to start again costs least.</summary>
    private void MakeRoom(TimeSpan now)
    {
        if (_restoredAt.Count < MaxAddresses) return;
        foreach (var (key, restoredAt) in _restoredAt)
        {
            if (restoredAt <= now) _restoredAt.Remove(key);
        }

        if (_restoredAt.Count > MaxAddresses / 2) _restoredAt.Clear();
    }

    /// <summary>
    /// The address that the platform saw. The Functions host appends it to X-Forwarded-For, and the worker's web server takes the last entry, and no other, as
    /// the connection's address: what a caller wrote into the header is not used. Behind a gateway it is the gateway's. An IPv6 caller has a whole /64.
    /// Source: github.com/Azure/azure-functions-dotnet-worker/issues/3111.
    /// </summary>
    private static UInt128 KeyOf(HttpRequest request)
    {
        var address = (request.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None).MapToIPv6();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (!address.IsIPv4MappedToIPv6) bytes[8..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
