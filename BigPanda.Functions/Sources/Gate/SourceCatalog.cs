using System.Collections.Frozen;
using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// Keeps every source in memory, so that a webhook is checked without I/O and guessed ids cost no table read and no memory. It is refreshed every
/// 20 seconds in the background; while the table is down the last known sources stay valid.
/// </summary>
public sealed partial class SourceCatalog(SourceStore store, ILogger<SourceCatalog> logger) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile FrozenDictionary<string, SourceEntry>? _entries;
    private volatile int _failures;

    /// <summary>Sources not loaded yet: return 503, not 401, so callers retry.</summary>
    internal bool IsLoaded => _entries is not null;

    internal IEnumerable<SourceEntry> Entries => _entries is { } entries ? entries.Values : [];

    internal IReadOnlyList<string> IdsOf(SourceKind kind) => [.. Entries.Where(entry => entry.Source.Kind == kind).Select(entry => entry.Source.Id)];

    /// <summary>Stands for every unknown id: no token matches it, and it counts their traffic.</summary>
    internal SourceEntry Unknown { get; } = SourceEntry.CreateUnknown();

    internal SourceEntry Find(string sourceId) => _entries is { } entries && entries.TryGetValue(sourceId, out var entry) ? entry : Unknown;

    internal AlertSource? SourceOf(string sourceId) => Find(sourceId) is var entry && entry != Unknown ? entry.Source : null;

    /// <returns>False when the sources were never read and cannot be read now.</returns>
    internal async Task<bool> EnsureLoadedAsync(CancellationToken cancellationToken) =>
        IsLoaded || await TryRefreshAsync(onlyIfNever: true, cancellationToken);

    /// <summary>Reads the sources, after any read under way, which may have missed a change made here.</summary>
    internal Task<bool> RefreshAsync(CancellationToken cancellationToken) => TryRefreshAsync(onlyIfNever: false, cancellationToken);

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<bool> TryRefreshAsync(bool onlyIfNever, CancellationToken cancellationToken)
    {
        var failures = _failures;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            // A caller that waited for a failed read does not read again: anyone can send requests while the table is down.
            if (onlyIfNever && (IsLoaded || _failures != failures)) return IsLoaded;
            var sources = await store.ListAsync(cancellationToken);
            _entries = sources.ToFrozenDictionary(source => source.Id, Entry, StringComparer.Ordinal);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            Log.NotRead(logger, StorageError.Describe(e));
            _failures++;
            return false;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private SourceEntry Entry(AlertSource source)
    {
        var traffic = _entries is { } known && known.TryGetValue(source.Id, out var entry) ? entry.Traffic : new SourceTraffic();
        traffic.Keep(source.Tokens.Select(token => token.Id));
        return new SourceEntry(source, traffic);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not read the alert sources; the last known ones stay valid. Will retry in 20 seconds: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
