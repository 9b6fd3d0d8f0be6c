using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>
/// Makes incidents of accepted alerts: one for each app key and identity (the incident_identifier, else the primary and secondary property). A firing alert
/// opens or reopens it, another status changes it, and ok closes it. Each of these sends its webhook.
/// </summary>
internal sealed class AlertCorrelation(SimulatedIncidents incidents, IncidentNotifier notifier, BackgroundWork background)
{
    private const string Ok = "ok";

    private static readonly string[] Primary = ["host", "service", "application", "device"];
    private static readonly string[] Secondary = ["check", "sensor"];

    /// <summary>From mild to severe.</summary>
    private static readonly string[] Severities = ["acknowledged", "unknown", "warning", "critical"];

    /// <param name="body">One alert, or a batch.</param>
    public void Take(JsonObject body)
    {
        var appKey = ApiRequest.Text(body, "app_key") ?? "";
        foreach (var alert in body["alerts"] is JsonArray batch ? batch.OfType<JsonObject>() : [body])
            Take(appKey, alert);
    }

    private void Take(string appKey, JsonObject alert)
    {
        var id = IncidentLifecycle.DeriveId($"{appKey}/{IdentityOf(alert)}", "incident");
        var status = ApiRequest.Text(alert, "status") ?? "";
        // Nothing is open that it could close.
        if (status == Ok && !incidents.TryFind(id, out _))
            return;
        IncidentStep? step = null;
        var incident = incidents.Change(id, known =>
        {
            step = StepOf(known, status);
            return known is null
                ? IncidentLifecycle.Begin(new NewIncident { Id = id, Title = TitleOf(alert), Severity = status, Alerts = 1 }, notifier.Now)
                : Apply(known, step, status);
        });
        if (step is { } taken)
            background.Start(ct => notifier.NotifyAsync(incident, taken, null, ct));
    }

    private SimulatedIncident Apply(SimulatedIncident incident, IncidentStep? step, string status)
    {
        if (step is not { } taken)
            return incident;
        var at = notifier.NextTime(incident);
        var next = taken == IncidentStep.Update ? incident : IncidentLifecycle.Apply(incident, taken, at, null);
        return taken == IncidentStep.Close
            ? next
            : IncidentLifecycle.SetStatus(next with { Severity = Worst(next.Severity, status) }, status, at);
    }

    /// <returns>Null for an alert that changes nothing.</returns>
    private static IncidentStep? StepOf(SimulatedIncident? known, string status) => known switch
    {
        null => IncidentStep.New,
        { Active: false } => status == Ok ? null : IncidentStep.Reopen,
        _ when status == Ok => IncidentStep.Close,
        _ => known.Status == status ? null : IncidentStep.Update,
    };

    private static string Worst(string one, string other) => Array.IndexOf(Severities, one) >= Array.IndexOf(Severities, other) ? one : other;

    private static string IdentityOf(JsonObject alert) =>
        ApiRequest.Text(alert, "incident_identifier") ?? $"{ValueOf(alert, "primary_property", Primary)}|{ValueOf(alert, "secondary_property", Secondary)}";

    private static string TitleOf(JsonObject alert) =>
        ApiRequest.Text(alert, "description") ?? $"{ValueOf(alert, "secondary_property", Secondary)} {ValueOf(alert, "primary_property", Primary)}".Trim();

    private static string ValueOf(JsonObject alert, string declared, string[] usual)
    {
        var name = ApiRequest.Text(alert, declared) ?? Array.Find(usual, property => alert[property] is not null);
        return name is null ? "" : alert[name]?.ToString() ?? "";
    }
}
