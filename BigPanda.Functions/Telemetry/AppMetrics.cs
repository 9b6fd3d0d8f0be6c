using System.Diagnostics.Metrics;

namespace BigPanda.Functions.Telemetry;

/// <summary>
/// What the bridge measures, under the meter <c>BigPanda.Functions</c>. Gauges are told what a timer or a check has found out
/// anyway: collecting them asks nothing of anybody.
/// </summary>
public sealed class AppMetrics
{
    public const string MeterName = "BigPanda.Functions";

    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _events;
    private readonly Counter<long> _timeErrors;
    private readonly Counter<long> _actions;
    private readonly Histogram<double> _lag;
    private readonly Gauge<double> _behind;
    private readonly Gauge<int> _firing;
    private readonly Gauge<int> _ready;
    private readonly Gauge<int> _parked;
    private readonly Gauge<int> _deadLetters;
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
        _timeErrors = meter.CreateCounter<long>("bigpanda.time_errors", "{time}", "Times in webhooks that do not count, by why: unreadable, or more than 48 hours ahead.");
        _actions = meter.CreateCounter<long>("bigpanda.actions", "{attempt}", "Attempts to act in BigPanda, by action and result.");
        _lag = meter.CreateHistogram<double>("bigpanda.lag", "s", "By stage: from BigPanda's own time to acceptance (arrival), from there to application (apply), from resolving here to BigPanda's closing (close), from the last question whether a close is wanted to its first byte (window).");
        _behind = meter.CreateGauge<double>("bigpanda.apply.behind", "s", "How much older the newest applied webhook is than the newest accepted one, of the source where that is most.");
        _firing = meter.CreateGauge<int>("bigpanda.alerts.firing", "{alert}", "Firing alerts, by severity.");
        _ready = meter.CreateGauge<int>("bigpanda.ready", "{dependency}", "1 when the dependency answers as it should, else 0.");
        _parked = meter.CreateGauge<int>("bigpanda.actions.parked", "{action}", "Actions that wait for a key or a setting.");
        _deadLetters = meter.CreateGauge<int>("bigpanda.dead_letters", "{message}", "Dead letters by queue, of which no more than 100 are counted. Those among the actions are the failed closes and comments.");
        _silentSources = meter.CreateGauge<int>("bigpanda.sources.silent", "{source}", "Sources without a delivery for longer than Sources__SilentAfterHours.");
        _rejectedLately = meter.CreateGauge<int>("bigpanda.sources.rejected_burst", "{webhook}", "Webhooks refused within the last two hours, where they are a burst.");
        _keyRejections = meter.CreateCounter<long>("bigpanda.key.rejections", "{call}", "Calls that BigPanda answered 401.");
        _keyDaysLeft = meter.CreateGauge<int>("bigpanda.key.days_left", "d", "Days until the API key expires, where that is known.");
    }

    internal void CountWebhook(string outcome) => _webhooks.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void CountEvent(string verdict) => _events.Add(1, new KeyValuePair<string, object?>("verdict", verdict));

    internal void CountTimeError(string why) => _timeErrors.Add(1, new KeyValuePair<string, object?>("why", why));

    internal void CountAction(string action, string result) =>
        _actions.Add(1, new KeyValuePair<string, object?>("action", action), new KeyValuePair<string, object?>("result", result));

    /// <summary>Clocks differ: a negative time is none.</summary>
    internal void RecordLag(string stage, TimeSpan time) => _lag.Record(Math.Max(0, time.TotalSeconds), new KeyValuePair<string, object?>("stage", stage));

    internal void RecordBehind(TimeSpan time) => _behind.Record(time.TotalSeconds);

    internal void RecordFiring(string severity, int alerts) => _firing.Record(alerts, new KeyValuePair<string, object?>("severity", severity));

    internal void RecordReady(string dependency, bool isReady) => _ready.Record(isReady ? 1 : 0, new KeyValuePair<string, object?>("dependency", dependency));

    internal void RecordParked(int actions) => _parked.Record(actions);

    internal void RecordDeadLetters(string queue, int messages) => _deadLetters.Record(messages, new KeyValuePair<string, object?>("queue", queue));

    internal void RecordSources(int silent, int rejectedLately)
    {
        _silentSources.Record(silent);
        _rejectedLately.Record(rejectedLately);
    }

    internal void CountKeyRejection() => _keyRejections.Add(1);

    internal void RecordKeyDaysLeft(int days) => _keyDaysLeft.Record(days);
}
