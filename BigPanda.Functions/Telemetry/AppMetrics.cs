using System.Diagnostics.Metrics;

namespace BigPanda.Functions.Telemetry;

/// <summary>The bridge's counters, under the meter <c>BigPanda.Functions</c>.</summary>
public sealed class AppMetrics
{
    public const string MeterName = "BigPanda.Functions";

    private readonly Counter<long> webhooks;
    private readonly Counter<long> events;
    private readonly Counter<long> closes;
    private readonly Histogram<double> lag;

    public AppMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        webhooks = meter.CreateCounter<long>("bigpanda.webhooks", "{webhook}", "Webhooks answered, by outcome.");
        events = meter.CreateCounter<long>("bigpanda.alert_events", "{event}", "Alert events settled, by verdict.");
        closes = meter.CreateCounter<long>("bigpanda.closes", "{attempt}", "Attempts to close an incident, by result.");
        lag = meter.CreateHistogram<double>("bigpanda.apply_lag", "s", "From a webhook's acceptance to its application.");
    }

    internal void Webhook(string outcome) => webhooks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void Event(string verdict) => events.Add(1, new KeyValuePair<string, object?>("verdict", verdict));

    internal void Close(string result) => closes.Add(1, new KeyValuePair<string, object?>("result", result));

    internal void Lag(TimeSpan time) => lag.Record(time.TotalSeconds);
}
