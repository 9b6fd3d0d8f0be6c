using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <summary>
/// PagerDuty's REST API v2, with the connection's REST key. Without one every call's result is NotAllowed: ask <see cref="HasKeyAsync"/> where calls are
/// optional. All calls share one rate limiter.
/// </summary>
public sealed class PagerDutyClient
{
    internal const string NoKey = "no PagerDuty REST key is stored: store one with PUT /pagerduty";

    /// <summary>Whether calls can be made: a REST key is stored.</summary>
    internal ValueTask<bool> HasKeyAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>
    /// Finds the incident that has an alert with this key: an open one before a resolved one, the newest first. The search lags behind the acceptance of an
    /// event, so that a missing incident proves nothing at first.
    /// </summary>
    /// <returns>Done and null when there is none; otherwise null unless the outcome is Done.</returns>
    internal Task<(ApiOutcome Outcome, FoundIncident? Found)> FindIncidentAsync(CallClaim claim, string dedupKey, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    internal Task<(ApiOutcome Outcome, PagerDutyIncident? Incident)> GetIncidentAsync(
        CallClaim claim, string incidentId, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Lists the incident's alerts, a thousand at most: PagerDuty allows no more.</summary>
    internal Task<(ApiOutcome Outcome, IReadOnlyList<PagerDutyAlert>? Alerts)> ListAlertsAsync(
        CallClaim claim, string incidentId, CancellationToken cancellationToken) => throw new NotImplementedException();

    internal Task<(ApiOutcome Outcome, IReadOnlyList<PagerDutyNote>? Notes)> ListNotesAsync(
        CallClaim claim, string incidentId, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Adds a note, also to a resolved incident. There is no idempotency key: without a response it may be there.</summary>
    /// <param name="objection">Called directly before the call. Returns why the note is no longer wanted, or null.</param>
    /// <returns>The note; null unless the outcome is Done, and for a response without it.</returns>
    internal Task<(ApiOutcome Outcome, PagerDutyNote? Note)> AddNoteAsync(
        CallClaim claim, string incidentId, string content, Func<CancellationToken, Task<string?>> objection, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
