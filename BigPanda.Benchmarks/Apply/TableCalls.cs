using Azure.Core;
using Azure.Core.Pipeline;

namespace BigPanda.Benchmarks.Apply;

/// <summary>Counts table calls and round trips: calls that run concurrently are one round trip.</summary>
internal sealed class TableCalls : HttpPipelinePolicy
{
    private static readonly AsyncLocal<Trace?> Current = new();

    /// <summary>Counts the calls from here on, in this async flow.</summary>
    public static Trace Begin() => Current.Value = new Trace();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var trace = Current.Value;
        trace?.Start();
        await ProcessNextAsync(message, pipeline);
        trace?.End();
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

    internal sealed class Trace
    {
        private readonly Lock _gate = new();
        private int _underWay;

        public int Calls { get; private set; }

        public int RoundTrips { get; private set; }

        public void Start()
        {
            lock (_gate)
            {
                Calls++;
                if (_underWay++ == 0) RoundTrips++;
            }
        }

        public void End()
        {
            lock (_gate) _underWay--;
        }
    }
}
