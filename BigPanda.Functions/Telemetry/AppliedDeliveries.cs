using System.Collections.Concurrent;

namespace BigPanda.Functions.Telemetry;

/// <summary>The newest delivery of each source that was applied in this process, for the source's traffic to take over: it was accepted in another one.</summary>
public sealed class AppliedDeliveries
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _newest = new(StringComparer.Ordinal);

    /// <param name="receivedAt">When it was accepted.</param>
    internal void Add(string sourceId, DateTimeOffset receivedAt) =>
        _newest.AddOrUpdate(sourceId, static (_, at) => at, static (_, known, at) => known > at ? known : at, receivedAt);

    internal DateTimeOffset? Take(string sourceId) => _newest.TryRemove(sourceId, out var at) ? at : null;
}
