using System.Diagnostics.Metrics;

namespace BigPanda.Functions.Telemetry;

/// <summary>
/// The bridge's metrics. Gauges record what a timer or a check has found anyway: collecting them makes no calls.
/// </summary>
public sealed class AppMetrics
{
    public const string MeterName = "BigPanda.Functions";

    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _events;
    private readonly Counter<long> _timeErrors;
    private readonly Counter<long> _actions;
    private readonly Counter<long> _pagerDutyEvents;
    private readonly Counter<long> _monitorAlerts;
    private readonly Counter<long> _drift;
    private readonly Gauge<int> _parkedAlerts;
    private readonly Gauge<double> _alertsWait;
    private readonly Histogram<double> _lag;
    private readonly Gauge<double> _behind;
    private readonly Gauge<int> _firing;
    private readonly Gauge<int> _ready;
    private readonly Gauge<int> _parked;
    private readonly Gauge<int> _held;
    private readonly Gauge<int> _deadLetters;
    private readonly Counter<long> _keyRejections;
    private readonly Gauge<int> _keyDaysLeft;
    private readonly Gauge<int> _disabledSubscriptions;
    private readonly Gauge<int> _silentSources;
    private readonly Gauge<int> _rejectedLately;

    public AppMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _webhooks = meter.CreateCounter<long>("bigpanda.webhooks", "{webhook}", "Webhooks answered, by outcome and source; unknown sources share one name.");
        _events = meter.CreateCounter<long>("bigpanda.alert_events", "{event}", "Alert events settled, by verdict.");
        _timeErrors = meter.CreateCounter<long>(
            "bigpanda.time_errors", "{time}", "Ignored times in webhooks, by why: unreadable, or more than 48 hours ahead.");
        _actions = meter.CreateCounter<long>(
            "bigpanda.actions", "{attempt}",
            "Attempts of actions in BigPanda and PagerDuty, by action and result; unshown: PagerDuty accepted a page twice and shows none.");
        _pagerDutyEvents = meter.CreateCounter<long>(
            "bigpanda.pagerduty.events", "{event}", "PagerDuty's events of incidents, by type and by what came of them.");
        _monitorAlerts = meter.CreateCounter<long>(
            "bigpanda.monitor_alerts", "{alert}",
            "Monitors' alerts by source and outcome. Received: accepted, invalid. Then: sent, duplicate (BigPanda had it), repeated (equal to the last one, "
            + "not sent), moot, parked, refused (by BigPanda).");
        _drift = meter.CreateCounter<long>(
            "bigpanda.reconciler.differences", "{incident}",
            "Alerts that did not agree with BigPanda or PagerDuty, by kind, as GET /reconciler names it, and by what the reconciler did.");
        _parkedAlerts = meter.CreateGauge<int>(
            "bigpanda.monitor_alerts.parked", "{alert}", "Monitors' alerts that wait in the table, counted up to 1,000 for each source.");
        _alertsWait = meter.CreateGauge<double>("bigpanda.monitor_alerts.waiting", "s", "How long ago the oldest of those counted was accepted.");
        _lag = meter.CreateHistogram<double>(
            "bigpanda.lag", "s",
            "By stage: from BigPanda's time to acceptance (arrival), from acceptance to application (apply), from resolving here to BigPanda's close "
            + "(close), from the last check that a close is wanted to its first byte (window), from accepting a monitor's alert to BigPanda's acceptance "
            + "(relay).");
        _behind = meter.CreateGauge<double>(
            "bigpanda.apply.behind", "s", "How much older the newest applied webhook is than the newest accepted one: the maximum of all sources.");
        _firing = meter.CreateGauge<int>("bigpanda.alerts.firing", "{alert}", "Firing alerts, by severity.");
        _ready = meter.CreateGauge<int>("bigpanda.ready", "{dependency}", "1 when the dependency is ready, else 0.");
        _parked = meter.CreateGauge<int>("bigpanda.actions.parked", "{action}", "Actions that wait for a valid key or setting, counted up to 1,000.");
        _held = meter.CreateGauge<int>(
            "bigpanda.actions.held", "{action}", "Closes and pages that the brake holds until a person decides, by kind, counted up to 1,000.");
        _deadLetters = meter.CreateGauge<int>(
            "bigpanda.dead_letters", "{message}", "Dead letters by queue, counted up to 100. Those of the actions are failed closes and comments.");
        _silentSources = meter.CreateGauge<int>("bigpanda.sources.silent", "{source}", "Sources without a delivery for longer than Sources__SilentAfterHours.");
        _rejectedLately = meter.CreateGauge<int>(
            "bigpanda.sources.rejected_burst", "{webhook}", "Webhooks refused within the last two hours, if they are a burst.");
        _keyRejections = meter.CreateCounter<long>("bigpanda.key.rejections", "{call}", "Calls that got 401, by API.");
        _disabledSubscriptions = meter.CreateGauge<int>(
            "bigpanda.pagerduty.subscriptions_disabled", "{subscription}", "PagerDuty's webhook subscriptions to this app that are disabled or switched off.");
        _keyDaysLeft = meter.CreateGauge<int>("bigpanda.key.days_left", "d", "Days until the API key expires, if known.");
    }

    internal void CountWebhook(string source, string outcome) =>
        _webhooks.Add(1, new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("source", source));

    internal void CountEvent(string verdict) => _events.Add(1, new KeyValuePair<string, object?>("verdict", verdict));

    internal void CountTimeError(string why) => _timeErrors.Add(1, new KeyValuePair<string, object?>("why", why));

    internal void CountAction(string action, string result) =>
        _actions.Add(1, new KeyValuePair<string, object?>("action", action), new KeyValuePair<string, object?>("result", result));

    internal void CountPagerDutyEvent(string type, string result) =>
        _pagerDutyEvents.Add(1, new KeyValuePair<string, object?>("type", type), new KeyValuePair<string, object?>("result", result));

    internal void CountMonitorAlert(string source, string outcome, int alerts = 1) =>
        _monitorAlerts.Add(alerts, new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("source", source));

    internal void CountDrift(string kind, string result) =>
        _drift.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("result", result));

    internal void RecordParkedAlerts(int alerts, TimeSpan oldest)
    {
        _parkedAlerts.Record(alerts);
        _alertsWait.Record(Math.Max(0, oldest.TotalSeconds));
    }

    /// <summary>Records a negative time, between two clocks, as 0.</summary>
    internal void RecordLag(string stage, TimeSpan time) => _lag.Record(Math.Max(0, time.TotalSeconds), new KeyValuePair<string, object?>("stage", stage));

    internal void RecordBehind(TimeSpan time) => _behind.Record(time.TotalSeconds);

    internal void RecordFiring(string severity, int alerts) => _firing.Record(alerts, new KeyValuePair<string, object?>("severity", severity));

    internal void RecordReady(string dependency, bool isReady) => _ready.Record(isReady ? 1 : 0, new KeyValuePair<string, object?>("dependency", dependency));

    internal void RecordParked(int actions) => _parked.Record(actions);

    internal void RecordHeld(string kind, int actions) => _held.Record(actions, new KeyValuePair<string, object?>("kind", kind));

    internal void RecordDeadLetters(string queue, int messages) => _deadLetters.Record(messages, new KeyValuePair<string, object?>("queue", queue));

    internal void RecordSources(int silent, int rejectedLately)
    {
        _silentSources.Record(silent);
        _rejectedLately.Record(rejectedLately);
    }

    internal void CountKeyRejection(string api) => _keyRejections.Add(1, new KeyValuePair<string, object?>("api", api));

    internal void RecordDisabledSubscriptions(int subscriptions) => _disabledSubscriptions.Record(subscriptions);

    internal void RecordKeyDaysLeft(int days) => _keyDaysLeft.Record(days);
}
