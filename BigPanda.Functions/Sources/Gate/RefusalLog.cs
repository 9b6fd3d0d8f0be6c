using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Sources.Gate;

/// <summary>
/// Logs refused webhooks, one line a minute for each source and outcome, since anyone can send them and must not fill the log. Unknown ids share one
/// source, so the table stays small. The metric counts every one.
/// </summary>
public sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string SourceId, string Outcome), Tally> _tallies = new();

    internal void Add(string sourceId, string outcome)
    {
        if (_tallies.GetOrAdd((sourceId, outcome), static _ => new Tally()).Next(time) is not { } unlogged) return;
        if (unlogged == 0) Log.Refused(logger, sourceId, outcome);
        else Log.RefusedMany(logger, sourceId, outcome, unlogged);
    }

    private sealed class Tally
    {
        private readonly Lock _lock = new();
        private long _loggedAt;
        private bool _isLogged;
        private int _unlogged;

        /// <returns>Null within a minute of the last line; else the number not logged since.</returns>
        public int? Next(TimeProvider time)
        {
            lock (_lock)
            {
                if (_isLogged && time.GetElapsedTime(_loggedAt) < Window)
                {
                    _unlogged++;
                    return null;
                }

                var unlogged = _unlogged;
                (_isLogged, _loggedAt, _unlogged) = (true, time.GetTimestamp(), 0);
                return unlogged;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Refused a webhook for source {SourceId}: {Outcome}. Further ones are logged once a minute")]
        public static partial void Refused(ILogger logger, string sourceId, string outcome);

        [LoggerMessage(2, LogLevel.Warning, "Refused a webhook for source {SourceId}: {Outcome}; {Unlogged} more since the last line")]
        public static partial void RefusedMany(ILogger logger, string sourceId, string outcome, int unlogged);
    }
}
