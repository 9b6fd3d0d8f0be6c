using BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>Plays the steps of a plan; each sends its webhook before the next begins.</summary>
internal sealed class LifecyclePlayer(SimulatedIncidents incidents, IncidentNotifier notifier, TimeProvider time)
{
    /// <summary>Creates the incident at once, so that it exists when the caller gets the response; the result plays it.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<WebhookDelivery>>> Prepare(LifecyclePlan plan)
    {
        var begin = notifier.Now;
        // A new incident starts in the past, so that its last step is now and not in the future.
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
            deliveries.Add(await notifier.StepAsync(
                plan.Incident.Id, plan.Steps[i],
                incident => plan.SameSecond ? second : Math.Max(incident.UpdatedOn + 1, notifier.Now - ahead),
                CommentOf(plan.Steps[i]), cancellationToken));
        }
        return deliveries;
    }

    private static string? CommentOf(IncidentStep step) => step == IncidentStep.Comment ? "Investigating." : null;
}
