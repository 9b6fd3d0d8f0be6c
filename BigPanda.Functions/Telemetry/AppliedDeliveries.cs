using System.Collections.Concurrent;

namespace BigPanda.Functions.Telemetry;

/// <summary>The newest delivery per source applied in this process, until the source's traffic is saved. Another process may have accepted it.</summary>
public sealed class AppliedDeliveries
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _newest = new(StringComparer.Ordinal);

    /// <param name="receivedAt">When the delivery was accepted.</param>
    internal void Add(string sourceId, DateTimeOffset receivedAt) =>
        _newest.AddOrUpdate(sourceId, static (_, at) => at, static (_, known, at) => known > at ? known : at, receivedAt);

    internal DateTimeOffset? Take(string sourceId) => _newest.TryRemove(sourceId, out var at) ? at : null;
}
