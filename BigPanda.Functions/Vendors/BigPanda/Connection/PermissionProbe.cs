using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>
/// Finds out which permissions the connected key has, with calls that only read. BigPanda has no call that shows a permission to change something
/// without making the change: those are reported as unknown, with what will show them.
/// </summary>
public sealed class PermissionProbe(BigPandaClient bigPanda)
{
    private static readonly ProbedPermission[] Unknown =
    [
        new(
            "Environment, Incident Actions: resolve", "POST …/incidents/{id}/resolve", "unknown",
            "only a close can show it: without the permission BigPanda returns 403, the close is parked, and the alert's bigPanda.lastError says so"),
        new(
            "Environment, Incident Actions: comment", "POST …/incidents/{id}/comments", "unknown",
            "only a comment can show it: without the permission BigPanda returns 403, and the comment is parked"),
        new(
            "Callback service", "POST /resources/v2.1/outbound/callback", "unknown",
            "only a callback can show it; needed for sources with an app key only"),
    ];

    /// <param name="environmentId">The environment to probe; null for the first that the key can read.</param>
    /// <returns>The permissions; or null and the failed request for the environments, which every probe depends on.</returns>
    internal async Task<(ProbeView? Probed, ApiOutcome Outcome)> RunAsync(string? environmentId, CancellationToken cancellationToken)
    {
        var outcome = await bigPanda.CheckKeyAsync(cancellationToken);
        if (outcome.Result == ApiResult.Unavailable || outcome.Status is null or 401) return (null, outcome);
        var environment = !string.IsNullOrEmpty(environmentId) ? environmentId : (EnvironmentsResponse.Read(outcome.Body) is [var first, ..] ? first.Id : null);
        var incidents = environment is null ? null : await bigPanda.ProbeIncidentsAsync(environment, cancellationToken);
        return (new ProbeView(
            environment,
            [
                Of("Environments, view", "GET /resources/v2.0/environments", outcome),
                Of("Environment, view incidents", "GET …/environments/{id}/incidents", incidents),
                .. Unknown,
            ]), outcome);
    }

    private static ProbedPermission Of(string permission, string endpoint, ApiOutcome? outcome)
    {
        var (shown, detail) = outcome switch
        {
            null => ("unknown", "the key can read no environment: connect it with a defaultEnvironmentId"),
            { Result: ApiResult.Done } => ("yes", "allowed"),
            { Status: 401 } => ("no", "BigPanda rejected the key"),
            { Status: 403 } => ("no", "the key's role lacks the permission"),
            _ => ("unknown", outcome.Detail),
        };
        return new ProbedPermission(permission, endpoint, shown, detail);
    }
}
