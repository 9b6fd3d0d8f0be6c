using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>The environments to act on an incident in: those its webhooks named, newest first, else the configured one.</summary>
public sealed class ActionEnvironments(
    CredentialCache<BigPandaCredential> credentials, IOptionsMonitor<BigPandaOptions> options)
{
    private const string NoEnvironment =
        "no environment is known: the webhook names none. Set defaultEnvironmentId with PUT /connection, or the setting BigPanda__DefaultEnvironmentId";

    /// <param name="named">By the incident's webhooks, newest first.</param>
    internal async Task<IReadOnlyList<string>> ListAsync(IEnumerable<string?> named, CancellationToken cancellationToken)
    {
        var usable = Usable(named);
        if (usable.Count > 0) return usable;
        return Usable([(await credentials.GetAsync(cancellationToken))?.DefaultEnvironmentId ?? options.CurrentValue.DefaultEnvironmentId]);
    }

    /// <summary>
    /// Makes the call in each environment in turn until one returns neither 403 nor 404: a role may have rights in one environment only, and an
    /// incident leaves an environment whose filter it no longer matches.
    /// </summary>
    internal async Task<ApiOutcome> TryEachAsync(
        IEnumerable<string?> named, Func<string, Task<ApiOutcome>> call, CancellationToken cancellationToken)
    {
        var environments = await ListAsync(named, cancellationToken);
        if (environments.Count == 0) return new ApiOutcome(ApiResult.NotAllowed, null, NoEnvironment);
        List<(string Environment, ApiOutcome Outcome)> refused = [];
        foreach (var environment in environments)
        {
            var outcome = await call(environment);
            if (outcome.Status is not (403 or 404) || outcome.Result is not (ApiResult.NotAllowed or ApiResult.NotFound)) return outcome;
            refused.Add((environment, outcome));
        }

        // A missing permission can be granted, so one 403 parks the action; only 404 everywhere fails it.
        var decisive = refused.FirstOrDefault(one => one.Outcome.Status == 403, refused[0]).Outcome;
        if (refused.Count == 1) return decisive;
        return decisive with { Detail = string.Join("; ", refused.Select(one => $"environment {one.Environment}: {one.Outcome.Detail}")) };
    }

    private static List<string> Usable(IEnumerable<string?> environments) =>
        [.. environments.OfType<string>().Where(PathSegment.IsPossible).Distinct()];
}
