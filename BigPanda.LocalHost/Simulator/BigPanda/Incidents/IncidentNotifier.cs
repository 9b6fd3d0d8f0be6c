using BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>Applies a step to an incident and sends its webhook.</summary>
internal sealed class IncidentNotifier(SimulatedIncidents incidents, WebhookSender sender, TimeProvider time, Func<Uri> simulatorUrl)
{
    public long Now => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Now, or the first second after the incident's last change: its times increase.</summary>
    public long NextTime(SimulatedIncident incident) => Math.Max(incident.UpdatedOn + 1, Now);

    public SimulatedIncident Adopted(SimulatedIncident? known, string id, string environmentId) =>
        known ?? IncidentLifecycle.Begin(new NewIncident { Id = id, EnvironmentId = environmentId, Alerts = 1 }, Now);

    public Task<WebhookDelivery> StepAsync(
        string id, IncidentStep step, Func<SimulatedIncident, long> at, string? comment, CancellationToken cancellationToken)
    {
        var incident = incidents.Change(id, known =>
        {
            var current = Adopted(known, id, SimulatedEnvironment.DefaultId);
            return IncidentLifecycle.Apply(current, step, at(current), comment);
        });
        return NotifyAsync(incident, step, comment, cancellationToken);
    }

    public Task<WebhookDelivery> NotifyAsync(SimulatedIncident incident, IncidentStep step, string? comment, CancellationToken cancellationToken)
    {
        var events = IncidentLifecycle.Events(step);
        var body = WebhookPayload.Write(incident, events, incident.UpdatedOn, comment, simulatorUrl());
        return sender.SendAsync(new(incident.Id, events, body), cancellationToken);
    }
}
