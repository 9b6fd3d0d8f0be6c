using System.Diagnostics.Metrics;

namespace BigPanda.Functions.Telemetry;

/// <summary>The bridge's counters, under the meter <c>BigPanda.Functions</c>.</summary>
public sealed class AppMetrics
{
    public const string MeterName = "BigPanda.Functions";

    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _events;
    private readonly Counter<long> _actions;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _keyRejections;
    private readonly Gauge<int> _keyDaysLeft;
    private readonly Gauge<int> _silentSources;
    private readonly Gauge<int> _rejectedLately;

    public AppMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _webhooks = meter.CreateCounter<long>("bigpanda.webhooks", "{webhook}", "Webhooks answered, by outcome.");
        _events = meter.CreateCounter<long>("bigpanda.alert_events", "{event}", "Alert events settled, by verdict.");
        _actions = meter.CreateCounter<long>("bigpanda.actions", "{attempt}", "Attempts to act in BigPanda, by action and result.");
        _silentSources = meter.CreateGauge<int>("bigpanda.sources.silent", "{source}", "Sources without a delivery for longer than Sources__SilentAfterHours.");
        _rejectedLately = meter.CreateGauge<int>("bigpanda.sources.rejected_burst", "{webhook}", "Webhooks refused within the last two hours, where they are a burst.");
        _keyRejections = meter.CreateCounter<long>("bigpanda.key.rejections", "{call}", "Calls that BigPanda answered 401.");
        _keyDaysLeft = meter.CreateGauge<int>("bigpanda.key.days_left", "d", "Days until the API key expires, where that is known.");
        _lag = meter.CreateHistogram<double>("bigpanda.apply_lag", "s", "From a webhook's acceptance to its application.");
    }

    internal void Webhook(string outcome) => _webhooks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void Event(string verdict) => _events.Add(1, new KeyValuePair<string, object?>("verdict", verdict));

    internal void Action(string action, string result) =>
        _actions.Add(1, new KeyValuePair<string, object?>("action", action), new KeyValuePair<string, object?>("result", result));

    internal void Sources(int silent, int rejectedLately)
    {
        _silentSources.Record(silent);
        _rejectedLately.Record(rejectedLately);
    }

    internal void KeyRejected() => _keyRejections.Add(1);

    internal void KeyDaysLeft(int days) => _keyDaysLeft.Record(days);

    internal void Lag(TimeSpan time) => _lag.Record(time.TotalSeconds);
}
