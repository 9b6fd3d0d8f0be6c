namespace BigPanda.Functions.Monitors.Parking;

/// <summary>
/// How many sessions of this instance may wait to send for each source. An instance has 256 (host.json, maxConcurrentSessions), and a session that waits for
/// the rate limit or for the end of an outage takes no other message: without a bound one source's backlog would keep every other source's alerts from being
/// received. What has no place is parked, where waiting costs nothing. It also knows, without I/O, what this instance has learned about a source.
/// </summary>
public sealed class SendingPlaces
{
    /// <summary>More than the rate needs, and so few that a second source has as many and there are some left.</summary>
    internal const int Most = 96;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Source> _sources = new(StringComparer.Ordinal);

    /// <returns>Null when the source has its share; a place to dispose otherwise.</returns>
    internal Place? TryEnter(string sourceId)
    {
        lock (_gate)
        {
            var source = SourceOf(sourceId);
            if (source.Users >= ShareWith(source)) return null;
            source.Users++;
            return new Place(this, source);
        }
    }

    /// <summary>BigPanda has refused the keys: calls with them that wait for their turn are not made.</summary>
    internal void Refuse(string sourceId, string keysId)
    {
        lock (_gate) SourceOf(sourceId).Refused = keysId;
    }

    internal bool IsRefused(string sourceId, string keysId)
    {
        lock (_gate) return _sources.TryGetValue(sourceId, out var source) && source.Refused == keysId;
    }

    /// <summary>The keys may be used again.</summary>
    internal void Allow(string sourceId)
    {
        lock (_gate)
        {
            if (_sources.TryGetValue(sourceId, out var source)) source.Refused = null;
        }
    }

    /// <summary>Whether alerts were parked here that may still wait.</summary>
    internal bool HasParked(string sourceId)
    {
        lock (_gate) return _sources.TryGetValue(sourceId, out var source) && source.HasParked;
    }

    internal void SetParked(string sourceId, bool hasParked)
    {
        lock (_gate) SourceOf(sourceId).HasParked = hasParked;
    }

    /// <summary>The same for each source that sends now, this one included.</summary>
    private int ShareWith(Source source)
    {
        var sending = _sources.Values.Count(other => other.Users > 0 || other == source);
        return Math.Max(1, Most / sending);
    }

    private Source SourceOf(string sourceId)
    {
        if (!_sources.TryGetValue(sourceId, out var source)) _sources[sourceId] = source = new Source();
        return source;
    }

    internal sealed class Source
    {
        public int Users { get; set; }
        public string? Refused { get; set; }
        public bool HasParked { get; set; }
    }

    internal sealed class Place(SendingPlaces places, Source source) : IDisposable
    {
        private bool _isLeft;

        /// <summary>Other sources have begun to send: a session that only waits has to make room.</summary>
        public bool IsTooMany
        {
            get
            {
                lock (places._gate) return source.Users > places.ShareWith(source);
            }
        }

        public void Dispose()
        {
            lock (places._gate)
            {
                if (!_isLeft) source.Users--;
                _isLeft = true;
            }
        }
    }
}
