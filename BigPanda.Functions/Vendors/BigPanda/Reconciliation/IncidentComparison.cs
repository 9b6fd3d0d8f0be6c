using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciliation;

/// <summary>Compares one alert with its incident in BigPanda, as far as the search of active incidents left it open.</summary>
public sealed class IncidentComparison(AlertStore alerts, BigPandaClient bigPanda, ActionEnvironments environments, TimeProvider time)
{
    private const string Via = "reconciler";
    private const string GoneReason = "BigPanda no longer knows the incident: it was deleted, or merged into another";

    /// <summary>For an alert that fires and whose incident the search did not show.</summary>
    /// <param name="readable">The environments that this key can read.</param>
    /// <returns>Null when they agree.</returns>
    internal async Task<Drift?> CompareFiringAsync(
        string incidentId, IReadOnlySet<string> readable, CallClaim claim, CancellationToken cancellationToken)
    {
        if ((await alerts.LoadAsync(incidentId, cancellationToken))?.Alert is not { IsFiring: true } alert) return null;
        // BigPanda's API may lag behind its webhooks.
        if (IsRecent(alert.StatusChangedAt)) return null;
        var drift = await FindEndAsync(alert, readable, claim, cancellationToken);
        if (drift?.Repair is null) return drift;
        // The calls waited for their turns.
        var now = (await alerts.LoadSummaryAsync(incidentId, cancellationToken))?.Alert;
        return now?.TimelineLength == alert.TimelineLength ? drift : null;
    }

    private async Task<Drift?> FindEndAsync(Alert alert, IReadOnlySet<string> readable, CallClaim claim, CancellationToken cancellationToken)
    {
        var incidentId = alert.IncidentId;
        if (FindImpossible(incidentId) is { } impossible) return impossible;
        IncidentState? state = null;
        var outcome = await environments.TryEachAsync(
            alert.Content.EnvironmentIds,
            async environment =>
            {
                (var read, state) = await bigPanda.GetIncidentAsync(claim, environment, incidentId, cancellationToken);
                return read;
            },
            cancellationToken);
        if (state is null && outcome.Result != ApiResult.NotFound) return Drift.Unclear(incidentId, outcome.Detail);
        if (state is { IsActive: true }) return null;

        var (search, activities) = await bigPanda.GetActivitiesAsync(claim, incidentId, read => read.Any(activity => activity.IsResolve), cancellationToken);
        if (state is null)
        {
            // Another organisation's key does not know it either.
            if (!alert.Content.EnvironmentIds.Any(readable.Contains))
                return Drift.Unclear(incidentId, "none of its environments can be read with the connected key");
            // Activities need no environment: an incident that has left the environments which are known has some.
            return search.Status == 404
                ? new Drift(incidentId, DriftKind.Gone, GoneReason, Observe(alert, isActive: false) with { Gone = GoneReason })
                : Drift.Unclear(incidentId, $"not found in its environments, and not deleted: {outcome.Detail}");
        }

        if (activities is null) return Drift.Unclear(incidentId, search.Detail);
        var resolve = activities.Newest(activity => activity.IsResolve);
        if (IsRecent(resolve?.At ?? state.ChangedAt)) return null;
        var observed = Observe(alert, isActive: false) with { ChangedAt = state.ChangedAt, ResolvedAt = resolve?.At, ResolvedBy = resolve?.By };
        return new Drift(
            incidentId, alert.Content.IsOneTime ? DriftKind.Ended : DriftKind.CloseLost, "the incident is closed in BigPanda, the alert fires", observed);
    }

    /// <summary>For an active incident whose alert is not listed as firing.</summary>
    /// <returns>Null when they agree, or when it was resolved here and nothing has reopened it since.</returns>
    internal async Task<Drift?> CompareActiveAsync(
        string incidentId, DateTimeOffset? changedAt, CallClaim claim, CancellationToken cancellationToken)
    {
        if (IsRecent(changedAt)) return null;
        if ((await alerts.LoadSummaryAsync(incidentId, cancellationToken))?.Alert is not { } alert)
            return new Drift(incidentId, DriftKind.Missing, MissingIncidents.NoAlert);
        // A close that is being sent is verified separately.
        if (alert.IsFiring || alert.BigPanda.State == SyncState.Closing || changedAt <= alert.History.Newest.Moment.Time) return null;
        if (FindImpossible(incidentId) is { } impossible) return impossible;

        var (search, activities) = await bigPanda.GetActivitiesAsync(claim, incidentId, read => read.Any(activity => activity.IsReopen), cancellationToken);
        if (activities is null) return Drift.Unclear(incidentId, search.Detail);
        if (activities.Newest(activity => activity.IsReopen) is not { At: { } at } reopen || at < alert.History.Newest.Moment.Time
            || alert.History.HasReopen(at))
        {
            return alert.Life.AwaitsClose
                ? null
                : Drift.Unclear(incidentId, "the incident is active in BigPanda, the alert resolved, and its activities show no reopen since");
        }

        if (IsRecent(at)) return null;
        var observed = Observe(alert, isActive: true) with { ChangedAt = changedAt, ReopenedAt = at, ReopenedBy = reopen.By };
        return new Drift(incidentId, DriftKind.ReopenLost, "the incident has been reopened in BigPanda, the alert is resolved", observed);
    }

    /// <returns>Null when the incident can be asked for.</returns>
    internal static Drift? FindImpossible(string incidentId) =>
        PathSegment.IsPossible(incidentId) ? null : Drift.Unclear(incidentId, "its id cannot be used in a URL of BigPanda's API");

    /// <summary>By our clock, as good as it is: it decides only when a difference counts.</summary>
    private bool IsRecent(DateTimeOffset? at) => time.GetUtcNow() - at < Drift.Grace;

    private IncidentObserved Observe(Alert alert, bool isActive)
    {
        // The same reading of the same alert is one message.
        var messageId = MessageIdentity.Of("reconciled", alert.IncidentId, $"{isActive}", $"{alert.TimelineLength}");
        return new IncidentObserved(alert.IncidentId, messageId, null, Via, isActive, null, null, null, null, time.GetUtcNow()) { Seen = alert.Seen };
    }
}
