using System.Security.Cryptography;
using System.Text;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Tests.Support;

/// <summary>Builds alert events with defaults. Times are seconds after <see cref="Start"/>.</summary>
internal static class Deliveries
{
    public const string IncidentId = "5555370aabc20a001145d6g9";
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(long second) => Start.AddSeconds(second);

    public static IncidentReported New(long second, string severity = "critical") => Of(second, true, severity, IncidentEvents.New);

    public static IncidentReported Updated(long second, string severity = "critical", bool active = true) =>
        Of(second, active, severity, IncidentEvents.Updated);

    public static IncidentReported Closed(long second) => Of(second, false, "critical", IncidentEvents.Closed);

    public static IncidentReported Reopened(long second) => Of(second, true, "critical", IncidentEvents.Reopen);

    public static IncidentReported Of(long second, bool? active, string severity, params string[] events) =>
        With(second, active, severity, [.. events.Select(name => new IncidentEvent(name, At(second)))]);

    public static IncidentReported With(long second, bool? active, string severity, IReadOnlyList<IncidentEvent> events)
    {
        var incident = new Incident
        {
            Id = IncidentId,
            Active = active,
            Status = active == false ? "Ok" : "Critical",
            Severity = severity,
            ChangedOn = At(second),
            UpdatedOn = At(second),
            Environment = new IncidentEnvironment("env-1", "All"),
            Tags = new Dictionary<string, TagValue> { ["second"] = new($"{second}"), ["severity"] = TagValue.Of(severity) },
            Events = events,
        };
        var identity = Fingerprint($"{second} {active} {severity} {string.Join(',', events.Select(evt => $"{evt.Name}@{evt.Time:O}"))}");
        return new IncidentReported(incident, "main", At(second).AddSeconds(1), identity, $"incident-{identity:x16}");
    }

    /// <summary>A stable hash that distinguishes bodies.</summary>
    public static ulong Fingerprint(string body) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    public static ResolveRequested Resolve(Alert alert, long second, string actor = "ada", string? comment = "fixed the disk") =>
        new(
            alert.IncidentId, alert.Seen, ResolvedVia.Api, actor, comment, At(second),
            $"resolve-{alert.Life.Episode}-{alert.BigPanda.ActionId}-{actor}-{comment}")
        {
            SeenBefore = alert.SeenByResolver,
            SeenGravity = Gravity.Of(alert.Content),
        };

    public static ActionReported CloseOutcome(Alert alert, ActionResult result, int attempt = 1, string detail = "500 InternalServerError") =>
        new(alert.IncidentId, alert.BigPanda.ActionId ?? "", Destination.BigPanda, ActionKinds.Close, result, attempt, detail, At(1000),
             $"closed-{attempt}-{result}");

    /// <summary>Applies the events in this order to an alert that does not exist yet, a second apart.</summary>
    public static Decision Apply(params AlertEvent[] events)
    {
        Decision? last = null;
        for (var i = 0; i < events.Length; i++) last = AlertLifecycle.Decide(last?.Alert, events[i], At(500 + i));
        return last ?? throw new ArgumentException("No events.", nameof(events));
    }
}
