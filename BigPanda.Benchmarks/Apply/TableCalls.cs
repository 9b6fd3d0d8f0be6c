using System.Diagnostics;

namespace BigPanda.Benchmarks.Apply;

/// <summary>Counts the HTTP requests that go to the tables.</summary>
internal sealed class TableCalls : IDisposable
{
    private readonly ActivityListener _listener;
    private long _count;

    public TableCalls(int port)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("server.port") is int to && to == port) Interlocked.Increment(ref _count);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public long Count => Interlocked.Read(ref _count);

    public void Reset() => Interlocked.Exchange(ref _count, 0);

    public void Dispose() => _listener.Dispose();
}
