using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>What is done in BigPanda: our resolves close the incident, our comments are added, and its callback service is called once per source.</summary>
public sealed class BigPandaPlanner : IDestinationPlanner, IPlannerProvider
{
    public Destination Destination => Destination.BigPanda;

    public string Settings => "";

    public IDestinationPlanner Restore(string settings) => this;

    public ValueTask<IDestinationPlanner?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IDestinationPlanner?>(this);

    public DestinationPlan Plan(PlanRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var planned = request.Decision.Transitions.Select(transition => Plan(request.Alert, transition)).OfType<BigPandaAction>();
        return new DestinationPlan(request.Alert, [.. planned.Select(action => action.ToAction())]);
    }

    public string Describe(AlertAction action, Alert alert) => BigPandaAction.Read(action) switch
    {
        CloseIncidentAction close => $"close the incident in BigPanda with the comment “{close.Comment}”",
        AddCommentAction comment => $"add the comment “{comment.Comment}” in BigPanda",
        SendCallbackAction callback => $"call BigPanda's callback service for the source {callback.SourceId}",
        var other => $"do {other.GetType().Name} in BigPanda",
    };

    private static BigPandaAction? Plan(Alert alert, Transition transition) => transition switch
    {
        CloseWanted close => new CloseIncidentAction(
            alert.IncidentId, close.ActionId, alert.Content.EnvironmentId,
            alert.Resolve?.Comment ?? OurComments.OnClose(alert.Life.ResolvedBy, alert.Life.ResolvedVia))
        {
            AttemptsBefore = close.AttemptsBefore,
            OtherEnvironmentIds = alert.Content.OtherEnvironmentIds,
        },
        // The id follows from the request, so that a repeated request makes one comment.
        Commented comment => new AddCommentAction(alert.IncidentId, $"comment-{comment.RequestId}", alert.Content.EnvironmentId, comment.Line)
        {
            OtherEnvironmentIds = alert.Content.OtherEnvironmentIds,
        },
        // Each BigPanda integration holds updates back until its own callback.
        FirstSeenFrom { WantsCallback: true } first =>
            new SendCallbackAction(alert.IncidentId, $"callback-{first.SourceId}", first.SourceId, first.ReceivedAt),
        _ => null,
    };
}
