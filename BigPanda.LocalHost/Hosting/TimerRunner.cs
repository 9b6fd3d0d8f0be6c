using Microsoft.Azure.Functions.Worker;
using NCrontab;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Runs one timer function, on schedule and on demand, never concurrently.</summary>
internal sealed partial class TimerRunner(
    TimerFunction function, string schedule, IServiceScopeFactory scopes, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>After it the clock is read again: it may have been put forward or back.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly CrontabSchedule _schedule = Parse(function.Name, schedule);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private DateTime _last;

    public string Name => function.Name;

    /// <summary>Runs until stopped. A failed run is logged; the next runs as scheduled.</summary>
    public async Task RunOnScheduleAsync(CancellationToken stop)
    {
        if (function.RunOnStartup)
            await RunLoggedAsync(stop);

        while (!stop.IsCancellationRequested)
        {
            await WaitForNextAsync(stop);
            if (!stop.IsCancellationRequested)
                await RunLoggedAsync(stop);
        }
    }

    public async Task RunLoggedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host is stopping; the function runs again after the next start.
        }
        catch (Exception failure)
        {
            Log.TimerFailed(logger, failure, Name);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var now = time.GetUtcNow().UtcDateTime;
            var status = new ScheduleStatus { Last = _last, Next = _schedule.GetNextOccurrence(now), LastUpdated = _last };
            _last = now;
            await function.Invoke(scope.ServiceProvider, new TimerInfo { ScheduleStatus = status }, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Waits for the current run.</summary>
    public async ValueTask DisposeAsync()
    {
        await _oneAtATime.WaitAsync();
        _oneAtATime.Dispose();
    }

    private async Task WaitForNextAsync(CancellationToken stop)
    {
        var since = time.GetUtcNow().UtcDateTime;
        while (true)
        {
            var now = time.GetUtcNow().UtcDateTime;
            if (now < since)
                since = now;
            var wait = _schedule.GetNextOccurrence(since) - now;
            if (wait <= TimeSpan.Zero)
                return;
            await Task.Delay(wait < LongestWait ? wait : LongestWait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
        }
    }

    private static CrontabSchedule Parse(string name, string schedule) =>
        CrontabSchedule.TryParse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true })
        ?? throw new LocalHostException($"Timer function {name} has a schedule that is not a six-field NCRONTAB expression: {schedule}.");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Timer function {Function} failed")]
        public static partial void TimerFailed(ILogger logger, Exception failure, string function);
    }
}
