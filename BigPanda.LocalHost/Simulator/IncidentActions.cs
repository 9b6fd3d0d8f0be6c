namespace BigPanda.LocalHost.Simulator;

/// <summary>What a key holder can do to an incident. An id never seen is adopted: somebody posted its webhook by hand.</summary>
internal sealed class IncidentActions(
    SimulatedIncidents incidents, IncidentNotifier teller, SimulatorSettings settings, BackgroundWork background, TimeProvider time)
{
    /// <summary>The resolves that were accepted, oldest first.</summary>
    public BoundedHistory<AcceptedResolve> Resolves { get; } = new(10_000);

    /// <summary>False: it is closed already. The close itself comes later, as in BigPanda.</summary>
    public bool TryResolve(string id, string environmentId, string comment)
    {
        var (accepted, first) = (false, false);
        incidents.Change(id, known =>
        {
            var incident = teller.Adopted(known, id, environmentId);
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
            var current = teller.Adopted(known, id, environmentId);
            return IncidentLifecycle.Apply(current, IncidentStep.Comment, teller.NextTime(current), comment);
        });
        if (settings.Current.SendComments)
            background.Start(ct => teller.TellAsync(incident, IncidentStep.Comment, comment, ct));
    }

    public SimulatedIncident Look(string id, string environmentId) =>
        incidents.Change(id, known => teller.Adopted(known, id, environmentId));

    private async Task CloseLaterAsync(string id, string comment, CancellationToken cancellationToken)
    {
        await Task.Delay(settings.CloseDelay, time, cancellationToken);
        // It may have been closed meanwhile by a played step, whose webhook has told so.
        if (incidents.TryFind(id, out var incident) && incident.Closing)
            await teller.StepAsync(id, IncidentStep.Close, teller.NextTime, comment, cancellationToken);
    }
}
