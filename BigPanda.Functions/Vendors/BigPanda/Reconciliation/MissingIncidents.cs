using System.Collections.Concurrent;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciliation;

/// <summary>
/// An active incident without an alert is usually none of this app's: AutoShare leaves it out. Only its activities tell whether it was shared with the app, and
/// so whether a webhook was lost.
/// </summary>
public sealed class MissingIncidents(
    BigPandaClient bigPanda, LostWebhooks webhooks, UnsharedIncidents unshared, IOptions<ReconcilerOptions> options, TimeProvider time)
{
    internal const string NoAlert = "the incident is active in BigPanda and has no alert";

    internal async Task<Drift?> CompareAsync(
        string incidentId, ActiveIncident incident, ReportedShares shares, CallClaim claim, CancellationToken cancellationToken)
    {
        var target = options.Value.CreateFor.Trim();
        if (target.Length == 0 && !shares.IsDryRun) return Missing("none is created: Reconciler__CreateFor is empty");
        if (!shares.IsDryRun && unshared.Has(incidentId, incident.ChangedAt)) return Missing($"none is created: it was not shared with {target}");
        if (IncidentComparison.FindImpossible(incidentId) is { } impossible) return impossible;

        var (search, activities) = await bigPanda.GetActivitiesAsync(
            claim, incidentId, read => read.Any(activity => IsShareWith(activity, target)), cancellationToken);
        if (activities is null) return Drift.Unclear(incidentId, search.Detail);
        var targets = activities.Where(activity => activity.IsShare).Select(activity => activity.ShareTarget ?? "an unnamed target").Distinct().ToList();
        shares.Add(targets);
        var share = activities.Newest(activity => IsShareWith(activity, target));
        if (share is null)
        {
            if (target.Length > 0) unshared.Add(incidentId, incident.ChangedAt);
            return Missing(targets.Count == 0 ? "it was not shared" : $"it was shared with {string.Join(", ", targets)}");
        }

        // Its webhook may be on its way.
        if (time.GetUtcNow() - share.At < Drift.Grace) return null;
        return shares.Has(target)
            ? await FindLostAsync(incidentId, incident, target, claim, cancellationToken)
            : Missing($"it was shared with {target}. None is created before a dry run has reported this target: POST /reconciler/run");

        Drift Missing(string why) => new(incidentId, DriftKind.Missing, $"{NoAlert}; {why}");
    }

    private async Task<Drift?> FindLostAsync(
        string incidentId, ActiveIncident incident, string target, CallClaim claim, CancellationToken cancellationToken)
    {
        var outcome = await bigPanda.ReadIncidentAsync(claim, incident.EnvironmentId, incidentId, cancellationToken);
        if (outcome.Result != ApiResult.Done) return Drift.Unclear(incidentId, outcome.Detail);
        if (IncidentResponse.Read(outcome.Body, incidentId) is not { } state)
            return Drift.Unclear(incidentId, "BigPanda's response does not say whether the incident is active");
        if (!state.IsActive) return null;
        return LostWebhook.Write(outcome.Body, incidentId, incident.EnvironmentId) is { } body
            ? new Drift(incidentId, DriftKind.NewLost, $"{NoAlert}, although it was shared with {target}")
            {
                Create = cancellation => webhooks.EnqueueAsync(incidentId, body, cancellation),
            }
            : Drift.Unclear(incidentId, "BigPanda's response cannot be read as an incident");
    }

    private static bool IsShareWith(IncidentActivity activity, string target) =>
        activity.IsShare && target.Length > 0 && target.Equals(activity.ShareTarget, StringComparison.OrdinalIgnoreCase);
}

/// <summary>With whom incidents are shared, as dry runs have reported it: a person who has not seen the name cannot have set it.</summary>
internal sealed class ReportedShares(IReadOnlyList<string> before, bool isDryRun)
{
    private const int Max = 20;

    private readonly List<string> _targets = [.. before];

    public bool IsDryRun => isDryRun;

    public IReadOnlyList<string> Targets => _targets;

    public bool Has(string target) => _targets.Contains(target, StringComparer.OrdinalIgnoreCase);

    public void Add(IEnumerable<string> targets)
    {
        if (isDryRun) _targets.AddRange(targets.Where(target => !Has(target)).Take(Max - _targets.Count));
    }
}

/// <summary>
/// Incidents whose activities show no share with this app. They are asked for again once they have changed, and after a day: BigPanda does not say whether a
/// share changes an incident.
/// </summary>
public sealed class UnsharedIncidents(TimeProvider time)
{
    private const int Max = 10_000;

    private static readonly TimeSpan KnownFor = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, (DateTimeOffset? ChangedAt, DateTimeOffset Until)> _known = new();

    internal bool Has(string incidentId, DateTimeOffset? changedAt) =>
        changedAt is not null && _known.TryGetValue(incidentId, out var known) && known.ChangedAt == changedAt && time.GetUtcNow() < known.Until;

    internal void Add(string incidentId, DateTimeOffset? changedAt)
    {
        if (_known.Count >= Max) _known.Clear();
        _known[incidentId] = (changedAt, time.GetUtcNow() + KnownFor);
    }
}
