using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The measurements of one bridge, as <c>name key=value</c>, while others run in the same process.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<Measurement> _taken = [];
    private readonly MeterListener _listener = new();

    public Measurements(IMeterFactory bridge)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == AppMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, bridge)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <param name="name">The name and at least the tags that come first.</param>
    public IReadOnlyList<double> Of(string name) =>
        [.. _taken.Where(taken => $"{taken.Name} ".StartsWith($"{name} ", StringComparison.Ordinal)).Select(taken => taken.Value)];

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _taken.Enqueue(new Measurement(string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]), value));

    private sealed record Measurement(string Name, double Value);
}
