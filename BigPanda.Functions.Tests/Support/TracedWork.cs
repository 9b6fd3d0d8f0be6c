using System.Collections.Concurrent;
using System.Diagnostics;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A trace that a test begins, and all activities of this process in it.</summary>
internal sealed class TracedWork : IDisposable
{
    private static readonly string[] Sources = [AppActivity.SourceName, "Microsoft.AspNetCore", "System.Net.Http"];

    private readonly ConcurrentQueue<Activity> _started = [];
    private readonly ActivityListener _listener;
    private readonly ActivityTraceId _id;

    /// <param name="allSources">Also those that the bridge does not export.</param>
    public TracedWork(bool allSources = false)
    {
        _id = ActivityTraceId.CreateRandom();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => allSources || Sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == _id ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStarted = activity =>
            {
                if (activity.TraceId == _id) _started.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The header of a request that belongs to the trace.</summary>
    public string TraceParent => $"00-{_id}-{ActivitySpanId.CreateRandom()}-01";

    public IReadOnlyList<Activity> Started => [.. _started];

    /// <summary>Makes the call inside the trace. Later calls are not part of it.</summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        using var caller = new Activity("caller").SetParentId(_id, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded).Start();
        return await call();
    }

    /// <summary>The activity names from the root to each call whose address ends with this, one line per call.</summary>
    public IReadOnlyList<string> PathsTo(string address) =>
    [
        .. Started.Where(activity => activity.GetTagItem("url.full")?.ToString()?.EndsWith(address, StringComparison.Ordinal) == true)
            .Select(call => string.Join(" > ", PathTo(call).Reverse().Select(Name))),
    ];

    public void Dispose() => _listener.Dispose();

    private IEnumerable<Activity> PathTo(Activity? activity)
    {
        for (; activity is not null; activity = Started.FirstOrDefault(other => other.SpanId == activity.ParentSpanId)) yield return activity;
    }

    private static string Name(Activity activity) => activity.OperationName.Split('.')[^1];
}
