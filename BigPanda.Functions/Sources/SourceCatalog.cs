using System.Collections.Frozen;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Sources;

/// <summary>
/// Every source, in memory. A webhook is checked against it without I/O, and an id that is not in it is no source: guessing ids
/// costs no table read and no memory. It is read again every 20 seconds in the background; when the table is down, the sources
/// last known go on working.
/// </summary>
public sealed partial class SourceCatalog(SourceStore store, ILogger<SourceCatalog> logger) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile FrozenDictionary<string, SourceEntry>? _entries;
    private volatile int _failures;

    /// <summary>Whether the sources have been read at all: before that nobody can be told from a stranger.</summary>
    internal bool IsLoaded => _entries is not null;

    internal IEnumerable<SourceEntry> Entries => _entries is { } entries ? entries.Values : [];

    /// <summary>Stands for every id that is no source: no token fits it, and it counts their traffic.</summary>
    internal SourceEntry Unknown { get; } = SourceEntry.Unknown();

    internal SourceEntry Find(string sourceId) => _entries is { } entries && entries.TryGetValue(sourceId, out var entry) ? entry : Unknown;

    internal AlertSource? SourceOf(string sourceId) => Find(sourceId) is var entry && entry != Unknown ? entry.Source : null;

    /// <summary>False when the sources have never been read and cannot be read now.</summary>
    internal async Task<bool> EnsureLoadedAsync(CancellationToken cancellationToken) =>
        IsLoaded || await TryRefreshAsync(onlyIfNever: true, cancellationToken);

    /// <summary>Reads the sources. After a change here it runs behind any reading under way, which may have missed the change.</summary>
    internal Task<bool> RefreshAsync(CancellationToken cancellationToken) => TryRefreshAsync(onlyIfNever: false, cancellationToken);

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<bool> TryRefreshAsync(bool onlyIfNever, CancellationToken cancellationToken)
    {
        var failures = _failures;
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            // Whoever waited for a reading that failed does not read in turn: anybody can send requests while the table is down.
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
        [LoggerMessage(1, LogLevel.Warning, "The alert sources could not be read; those last known go on working: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
