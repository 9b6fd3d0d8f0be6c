using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>Alerts that are resolved here, with their closes in the queue.</summary>
internal static class ClosingAlerts
{
    public static async Task AddAsync(MemoryTables tables, ActionQueue queue, params IEnumerable<string> incidentIds)
    {
        var store = new AlertStore(tables);
        foreach (var id in incidentIds)
        {
            var alert = new Alert
            {
                IncidentId = id,
                Life = new LifeState { Status = AlertStatus.Resolved, Episode = 1, AwaitsClose = true },
                BigPanda = new DestinationSync { State = SyncState.Closing, ActionId = "1" },
            };
            Assert.NotNull(await store.SaveAsync(null, new Decision(alert, Verdict.Applied, []), CancellationToken.None));
            queue.Add(ActionMessages.Of(new CloseIncidentAction(id, "1", "env-1", "fixed").ToAction()));
        }
    }
}
