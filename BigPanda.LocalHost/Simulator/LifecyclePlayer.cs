namespace BigPanda.LocalHost.Simulator;

/// <summary>Plays the steps of a plan, each told with its webhook before the next is taken.</summary>
internal sealed class LifecyclePlayer(SimulatedIncidents incidents, IncidentNotifier teller, TimeProvider time)
{
    /// <summary>Makes the incident, so that it is there when the caller is answered; then it is played.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<WebhookDelivery>>> Prepare(LifecyclePlan plan)
    {
        var begin = teller.Now;
        // A new incident starts so long ago that its last step is now, not in the future.
        var start = plan.SameSecond ? begin : begin - (plan.Steps.Count - 1);
        var incident = incidents.Change(plan.Incident.Id, known => known ?? IncidentLifecycle.Begin(plan.Incident, start));
        var second = Math.Max(incident.UpdatedOn, start);
        return ct => PlayAsync(plan, second, ct);
    }

    private async Task<IReadOnlyList<WebhookDelivery>> PlayAsync(LifecyclePlan plan, long second, CancellationToken cancellationToken)
    {
        var deliveries = new List<WebhookDelivery>(plan.Steps.Count);
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            if (i > 0 && plan.Interval > TimeSpan.Zero)
                await Task.Delay(plan.Interval, time, cancellationToken);
            var ahead = plan.Steps.Count - 1 - i;
            deliveries.Add(await teller.StepAsync(
                plan.Incident.Id, plan.Steps[i],
                incident => plan.SameSecond ? second : Math.Max(incident.UpdatedOn + 1, teller.Now - ahead),
                CommentOf(plan.Steps[i]), cancellationToken));
        }
        return deliveries;
    }

    private static string? CommentOf(IncidentStep step) => step == IncidentStep.Comment ? "Looking into it." : null;
}
