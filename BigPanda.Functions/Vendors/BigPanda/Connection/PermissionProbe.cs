using System.Globalization;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>
/// Finds out which permissions the connected key has with calls that cannot be carried out: those that would change something name an incident
/// that does not exist and omit the body's required field, so BigPanda can only refuse them.
/// </summary>
public sealed class PermissionProbe(BigPandaClient bigPanda)
{
    private const string MissingIncidentId = "alert-bridge-permission-probe";

    /// <param name="environmentId">The environment to probe; null for the first that the key can read.</param>
    /// <returns>The permissions; or null and the failed request for the environments, which every probe depends on.</returns>
    internal async Task<(ProbeView? Probed, ApiOutcome Outcome)> RunAsync(string? environmentId, CancellationToken cancellationToken)
    {
        var outcome = await bigPanda.CheckKeyAsync(cancellationToken);
        if (outcome.Result == ApiResult.Unavailable || outcome.Status is null or 401) return (null, outcome);
        List<ProbedPermission> permissions = [Of("Environments, view", "GET /resources/v2.0/environments", outcome, changes: false)];
        var environment = !string.IsNullOrEmpty(environmentId) ? environmentId : (EnvironmentsResponse.Read(outcome.Body) is [var first, ..] ? first.Id : null);
        if (environment is null) return (new ProbeView(null, [.. permissions, NotProbed]), outcome);

        var incident = BigPandaClient.Incident(environment, MissingIncidentId);
        var incidents = incident[..incident.LastIndexOf('/')];
        var view = await bigPanda.SendProbeAsync(HttpMethod.Get, $"{incidents}?page_size=1", null, cancellationToken);
        permissions.Add(Of("Environment, view incidents", "GET …/environments/{id}/incidents", view, changes: false));
        await AddChangeAsync("Environment, Incident Actions: resolve", "POST …/incidents/{id}/resolve", $"{incident}/resolve");
        await AddChangeAsync("Environment, Incident Actions: comment", "POST …/incidents/{id}/comments", $"{incident}/comments");
        await AddChangeAsync("Callback service", "POST /resources/v2.1/outbound/callback", BigPandaClient.CallbackPath);
        return (new ProbeView(environment, permissions), outcome);

        async Task AddChangeAsync(string permission, string endpoint, string path) =>
            permissions.Add(Of(permission, endpoint, await bigPanda.SendProbeAsync(HttpMethod.Post, path, "{}", cancellationToken), changes: true));
    }

    private static ProbedPermission Of(string permission, string endpoint, ApiOutcome outcome, bool changes)
    {
        var (shown, detail) = outcome switch
        {
            { Result: ApiResult.Done } => ("yes", "allowed"),
            { Status: 401 } => ("no", "BigPanda rejected the key"),
            { Status: 403 } => ("no", "the key's role lacks the permission"),
            { Status: 400 or 404 or 409 or 422 } when changes => (
                "likely", string.Create(CultureInfo.InvariantCulture, $"not refused: {outcome.Status} for a request that cannot be carried out")),
            _ => ("unclear", outcome.Detail),
        };
        return new ProbedPermission(permission, endpoint, shown, detail);
    }

    private static ProbedPermission NotProbed => new(
        "Environment, Incident Actions", "POST …/incidents/{id}/resolve", "unclear",
        "the key can read no environment: connect it with a defaultEnvironmentId");
}
