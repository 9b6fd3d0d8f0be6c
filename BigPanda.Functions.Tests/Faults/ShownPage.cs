using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>A page of an incident as PagerDuty shows it.</summary>
/// <param name="Key">The dedup key.</param>
internal sealed record ShownPage(string Key, bool IsOpen, bool IsAcknowledged)
{
    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<ShownPage> Of(PagerDutyAccount account, string incidentId) =>
    [
        .. account.Alerts(alert => alert.Key.StartsWith($"bigpanda:{incidentId}:", StringComparison.Ordinal)).Select(alert => new ShownPage(
            alert.Key, alert.IsOpen, account.TryFind(alert.IncidentId, out var incident) && incident.Status == IncidentStatus.Acknowledged)),
    ];
}
