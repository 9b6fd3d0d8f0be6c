using System.Collections.Concurrent;

namespace BigPanda.Functions.Sources.Traffic;

/// <summary>Counts a source's webhooks in this process since the last save, without I/O.</summary>
internal sealed class SourceTraffic
{
    private readonly ConcurrentDictionary<string, long> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private AlertCounts _alerts = AlertCounts.None;
    private int _deliveries;
    private int _rejections;
    private long _lastDelivery;

    public void Delivered(DateTimeOffset at)
    {
        Interlocked.Increment(ref _deliveries);
        Volatile.Write(ref _lastDelivery, at.UtcTicks);
    }

    public void Rejected() => Interlocked.Increment(ref _rejections);

    public void Relayed(AlertCounts alerts)
    {
        lock (_gate) _alerts = _alerts.Plus(alerts);
    }

    public void Used(string tokenId, DateTimeOffset at) => _tokens[tokenId] = at.UtcTicks;

    /// <summary>Drops the tokens that the source no longer has.</summary>
    public void Keep(IEnumerable<string> tokenIds)
    {
        foreach (var removed in _tokens.Keys.Except(tokenIds, StringComparer.Ordinal)) _tokens.TryRemove(removed, out _);
    }

    /// <summary>The counts that are not saved yet.</summary>
    public TrafficSample Peek() => Sample(Volatile.Read(ref _deliveries), Volatile.Read(ref _rejections), Volatile.Read(ref _alerts));

    /// <summary>The counts that are not saved yet; they start again from zero.</summary>
    public TrafficSample Take()
    {
        AlertCounts alerts;
        lock (_gate) (alerts, _alerts) = (_alerts, AlertCounts.None);
        return Sample(Interlocked.Exchange(ref _deliveries, 0), Interlocked.Exchange(ref _rejections, 0), alerts);
    }

    /// <summary>Adds back a sample that could not be saved.</summary>
    public void GiveBack(TrafficSample sample)
    {
        Interlocked.Add(ref _deliveries, sample.Deliveries);
        Interlocked.Add(ref _rejections, sample.Rejections);
        Relayed(sample.Alerts);
    }

    private TrafficSample Sample(int deliveries, int rejections, AlertCounts alerts) => new(
        deliveries,
        rejections,
        Time(Volatile.Read(ref _lastDelivery)),
        _tokens.ToDictionary(token => token.Key, token => new DateTimeOffset(token.Value, TimeSpan.Zero)))
    {
        Alerts = alerts,
    };

    private static DateTimeOffset? Time(long utcTicks) => utcTicks == 0 ? null : new DateTimeOffset(utcTicks, TimeSpan.Zero);
}

internal sealed record TrafficSample(
    int Deliveries, int Rejections, DateTimeOffset? LastDeliveryAt, IReadOnlyDictionary<string, DateTimeOffset> TokensLastUsedAt)
{
    /// <summary>The acceptance time of the newest delivery applied since the last save.</summary>
    public DateTimeOffset? LastAppliedAt { get; init; }

    public AlertCounts Alerts { get; init; } = AlertCounts.None;

    public bool IsEmpty => Deliveries == 0 && Rejections == 0 && Alerts.All == 0 && LastAppliedAt is null;
}
