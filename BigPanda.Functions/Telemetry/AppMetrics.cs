using System.Diagnostics.Metrics;

namespace BigPanda.Functions.Telemetry;

/// <summary>The bridge's counters, under the meter <c>BigPanda.Functions</c>.</summary>
public sealed class AppMetrics
{
    public const string MeterName = "BigPanda.Functions";

    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _events;
    private readonly Counter<long> _closes;
    private readonly Histogram<double> _lag;

    public AppMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _webhooks = meter.CreateCounter<long>("bigpanda.webhooks", "{webhook}", "Webhooks answered, by outcome.");
        _events = meter.CreateCounter<long>("bigpanda.alert_events", "{event}", "Alert events settled, by verdict.");
        _closes = meter.CreateCounter<long>("bigpanda.closes", "{attempt}", "Attempts to close an incident, by result.");
        _lag = meter.CreateHistogram<double>("bigpanda.apply_lag", "s", "From a webhook's acceptance to its application.");
    }

    internal void Webhook(string outcome) => _webhooks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void Event(string verdict) => _events.Add(1, new KeyValuePair<string, object?>("verdict", verdict));

    internal void Close(string result) => _closes.Add(1, new KeyValuePair<string, object?>("result", result));

    internal void Lag(TimeSpan time) => _lag.Record(time.TotalSeconds);
}
