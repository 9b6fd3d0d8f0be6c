using System.Globalization;
using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Http;

namespace BigPanda.Functions.Connection;

/// <summary>
/// Finds out which permissions the connected key has, by asking for things that cannot happen: the calls that would change something name an
/// incident that does not exist and leave out the body's required field, so BigPanda can refuse them but not carry them out.
/// </summary>
public sealed class PermissionProbe(BigPandaClient bigPanda)
{
    private const string MissingIncidentId = "alert-bridge-permission-probe";

    /// <param name="environmentId">Where to ask; null for the first that the key sees.</param>
    /// <returns>The permissions; or null and what came of asking for the environments, without which nothing can be asked.</returns>
    internal async Task<(ProbeView? Probed, ApiOutcome Outcome)> RunAsync(string? environmentId, CancellationToken cancellationToken)
    {
        var outcome = await bigPanda.CheckKeyAsync(cancellationToken);
        if (outcome.Result == ApiResult.Unavailable || outcome.Status is null or 401) return (null, outcome);
        List<ProbedPermission> permissions = [Of("Environments, view", "GET /resources/v2.0/environments", outcome, changes: false)];
        var environment = !string.IsNullOrEmpty(environmentId) ? environmentId : (EnvironmentsResponse.Read(outcome.Body) is [var first, ..] ? first.Id : null);
        if (environment is null) return (new ProbeView(null, [.. permissions, Unasked]), outcome);

        var incident = BigPandaClient.Incident(environment, MissingIncidentId);
        var incidents = incident[..incident.LastIndexOf('/')];
        permissions.Add(Of("Environment, view incidents", "GET …/environments/{id}/incidents", await bigPanda.SendProbeAsync(HttpMethod.Get, $"{incidents}?page_size=1", null, cancellationToken), changes: false));
        permissions.Add(Of("Environment, Incident Actions: resolve", "POST …/incidents/{id}/resolve", await bigPanda.SendProbeAsync(HttpMethod.Post, $"{incident}/resolve", "{}", cancellationToken), changes: true));
        permissions.Add(Of("Environment, Incident Actions: comment", "POST …/incidents/{id}/comments", await bigPanda.SendProbeAsync(HttpMethod.Post, $"{incident}/comments", "{}", cancellationToken), changes: true));
        permissions.Add(Of("Callback service", "POST /resources/v2.1/outbound/callback", await bigPanda.SendProbeAsync(HttpMethod.Post, BigPandaClient.CallbackPath, "{}", cancellationToken), changes: true));
        return (new ProbeView(environment, permissions), outcome);
    }

    private static ProbedPermission Of(string permission, string endpoint, ApiOutcome outcome, bool changes)
    {
        var (shown, detail) = outcome switch
        {
            { Result: ApiResult.Done } => ("yes", "allowed"),
            { Status: 401 } => ("no", "the key is rejected"),
            { Status: 403 } => ("no", "the key's role does not have it"),
            { Status: 400 or 404 or 409 or 422 } when changes => ("likely", string.Create(CultureInfo.InvariantCulture, $"not refused: {outcome.Status} for a request that cannot be carried out")),
            _ => ("unclear", outcome.Detail),
        };
        return new ProbedPermission(permission, endpoint, shown, detail);
    }

    private static ProbedPermission Unasked =>
        new("Environment, Incident Actions", "POST …/incidents/{id}/resolve", "unclear", "no environment is visible to ask in: connect with a defaultEnvironmentId");
}
