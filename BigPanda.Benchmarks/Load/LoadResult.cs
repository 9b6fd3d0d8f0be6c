using BigPanda.Benchmarks.Support;

namespace BigPanda.Benchmarks.Load;

/// <param name="Micros">Response times in microseconds, sorted.</param>
internal sealed record LoadResult(TimeSpan Time, int Failed, IReadOnlyList<long> Micros)
{
    public int Requests => Micros.Count;

    public double PerSecond => Requests / Time.TotalSeconds;

    public double P50 => Statistics.Percentile(Micros, 50) / 1000;

    public double P99 => Statistics.Percentile(Micros, 99) / 1000;
}
