using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Support;

/// <summary>Decisions with BigPanda on, and what they do there.</summary>
internal static class PlannedActions
{
    public static readonly AlertPolicy Policy = new();

    private static readonly BigPandaPlanner Planner = new();

    extension(AlertLifecycle)
    {
        public static Decision Decide(Alert? alert, AlertEvent evt, DateTimeOffset now) => AlertLifecycle.Decide(alert, evt, Policy, now);
    }

    extension(Decision decision)
    {
        public IReadOnlyList<AlertAction> Actions => Planner.Plan(new PlanRequest(decision, IsShadow: false, default)).Actions;

        /// <summary>An event does at most one thing.</summary>
        public BigPandaAction? Action => decision.Actions.SingleOrDefault() is { } planned ? BigPandaAction.Read(planned) : null;
    }

    public static Task<StoredAlert?> SaveAsync(this AlertStore store, StoredAlert? loaded, Decision decision, CancellationToken cancellationToken) =>
        store.SaveAsync(loaded, decision, decision.Actions, null, cancellationToken);
}
