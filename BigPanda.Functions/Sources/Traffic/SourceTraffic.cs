using System.Collections.Concurrent;

namespace BigPanda.Functions.Sources.Traffic;

/// <summary>Counts a source's webhooks in this process since the last save, without I/O or a lock.</summary>
internal sealed class SourceTraffic
{
    private readonly ConcurrentDictionary<string, TokenUse> _tokens = new(StringComparer.Ordinal);
    private int _deliveries;
    private int _rejections;
    private long _lastDelivery;

    public void Delivered(DateTimeOffset at)
    {
        Interlocked.Increment(ref _deliveries);
        Volatile.Write(ref _lastDelivery, at.UtcTicks);
    }

    public void Rejected() => Interlocked.Increment(ref _rejections);

    public TokenUse UseOf(string tokenId) => _tokens.GetOrAdd(tokenId, static _ => new TokenUse());

    /// <summary>Drops the tokens that the source no longer has.</summary>
    public void Keep(IEnumerable<string> tokenIds)
    {
        foreach (var removed in _tokens.Keys.Except(tokenIds, StringComparer.Ordinal)) _tokens.TryRemove(removed, out _);
    }

    /// <summary>The counts that are not saved yet.</summary>
    public TrafficSample Peek() => Sample(Volatile.Read(ref _deliveries), Volatile.Read(ref _rejections));

    /// <summary>The counts that are not saved yet; they start again from zero.</summary>
    public TrafficSample Take() => Sample(Interlocked.Exchange(ref _deliveries, 0), Interlocked.Exchange(ref _rejections, 0));

    /// <summary>Adds back a sample that could not be saved.</summary>
    public void GiveBack(TrafficSample sample)
    {
        Interlocked.Add(ref _deliveries, sample.Deliveries);
        Interlocked.Add(ref _rejections, sample.Rejections);
    }

    private TrafficSample Sample(int deliveries, int rejections) => new(
        deliveries,
        rejections,
        Time(Volatile.Read(ref _lastDelivery)),
        _tokens.Where(token => token.Value.LastUsedAt is not null).ToDictionary(token => token.Key, token => token.Value.LastUsedAt.GetValueOrDefault()));

    internal static DateTimeOffset? Time(long utcTicks) => utcTicks == 0 ? null : new DateTimeOffset(utcTicks, TimeSpan.Zero);
}

/// <summary>When a token last authenticated a request.</summary>
internal sealed class TokenUse
{
    private long _lastUsed;

    public DateTimeOffset? LastUsedAt => SourceTraffic.Time(Volatile.Read(ref _lastUsed));

    public void Used(DateTimeOffset at) => Volatile.Write(ref _lastUsed, at.UtcTicks);
}

internal sealed record TrafficSample(
    int Deliveries, int Rejections, DateTimeOffset? LastDeliveryAt, IReadOnlyDictionary<string, DateTimeOffset> TokensLastUsedAt)
{
    /// <summary>The acceptance time of the newest delivery applied since the last save.</summary>
    public DateTimeOffset? LastAppliedAt { get; init; }

    public bool IsEmpty => Deliveries == 0 && Rejections == 0 && LastAppliedAt is null;
}
