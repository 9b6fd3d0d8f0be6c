using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>A page of an incident as PagerDuty shows it.</summary>
/// <param name="Key">The dedup key.</param>
internal sealed record ShownPage(string Key, bool IsOpen, bool IsAcknowledged)
{
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When a person resolved it; null while it is open, and when the bridge did.</summary>
    public DateTimeOffset? ResolvedByPersonAt { get; init; }

    /// <summary>It was opened while PagerDuty could not be asked.</summary>
    public bool IsOpenedUnseen { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<ShownPage> Of(PagerDutyAccount account, string incidentId, Func<DateTimeOffset, bool>? isUnseen = null) =>
    [
        .. account.Alerts(alert => alert.Key.StartsWith($"bigpanda:{incidentId}:", StringComparison.Ordinal)).Select(alert =>
        {
            var incident = account.TryFind(alert.IncidentId, out var found) ? found : null;
            return new ShownPage(alert.Key, alert.IsOpen, incident?.Status == IncidentStatus.Acknowledged)
            {
                OpenedAt = alert.CreatedAt,
                ResolvedByPersonAt = incident?.ChangedBy?.Type == Agent.User ? incident.ResolvedAt : null,
                IsOpenedUnseen = isUnseen?.Invoke(alert.CreatedAt) == true,
                Notes = [.. incident?.Notes.Select(note => note.Content) ?? []],
            };
        }),
    ];
}
