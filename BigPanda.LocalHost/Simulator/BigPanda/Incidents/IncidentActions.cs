namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>The API's changes to an incident. An unknown id is adopted, because its webhook may have been posted by hand.</summary>
internal sealed class IncidentActions(
    SimulatedIncidents incidents, IncidentNotifier notifier, SimulatorSettings settings, BackgroundWork background, TimeProvider time)
{
    /// <summary>The accepted resolves, oldest first.</summary>
    public BoundedHistory<AcceptedResolve> Resolves { get; } = new(10_000);

    /// <summary>False if it is already closed. The close itself follows later, as in BigPanda.</summary>
    public bool TryResolve(string id, string environmentId, string comment)
    {
        var (accepted, first) = (false, false);
        incidents.Change(id, known =>
        {
            var incident = notifier.Adopted(known, id, environmentId);
            (accepted, first) = (incident.Active, incident is { Active: true, Closing: false });
            if (accepted)
                Resolves.Add(new(time.GetUtcNow(), id, comment, incident.ReopenedOn));
            return incident with { Closing = incident.Active };
        });
        if (first)
            background.Start(ct => CloseLaterAsync(id, comment, ct));
        return accepted;
    }

    public void Comment(string id, string environmentId, string comment)
    {
        var incident = incidents.Change(id, known =>
        {
            var current = notifier.Adopted(known, id, environmentId);
            return IncidentLifecycle.Apply(current, IncidentStep.Comment, notifier.NextTime(current), comment);
        });
        if (settings.Current.SendComments)
            background.Start(ct => notifier.NotifyAsync(incident, IncidentStep.Comment, comment, ct));
    }

    public SimulatedIncident Find(string id, string environmentId) =>
        incidents.Change(id, known => notifier.Adopted(known, id, environmentId));

    private async Task CloseLaterAsync(string id, string comment, CancellationToken cancellationToken)
    {
        await Task.Delay(settings.CloseDelay, time, cancellationToken);
        // A played step may have closed it in the meantime, and sent the webhook.
        if (incidents.TryFind(id, out var incident) && incident.Closing)
            await notifier.StepAsync(id, IncidentStep.Close, notifier.NextTime, comment, cancellationToken);
    }
}
