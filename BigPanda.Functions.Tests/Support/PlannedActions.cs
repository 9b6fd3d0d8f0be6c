using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Support;

/// <summary>What a decision does in BigPanda.</summary>
internal static class PlannedActions
{
    extension(Decision decision)
    {
        public BigPandaAction? Action => decision.Planned is { } planned ? BigPandaAction.Read(planned) : null;
    }
}
