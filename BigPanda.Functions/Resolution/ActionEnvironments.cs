using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Resolution;

/// <summary>The environments to act on an incident in: those that its webhooks named, newest first; without any, the one that is set.</summary>
public sealed class ActionEnvironments(ApiCredentialCache credentials, IOptionsMonitor<BigPandaOptions> options)
{
    private const string None = "the webhook names no environment, the connection has no defaultEnvironmentId, and BigPanda__DefaultEnvironmentId is not set";

    internal async Task<IReadOnlyList<string>> ListAsync(AlertAction action, CancellationToken cancellationToken)
    {
        string?[] named = [action.EnvironmentId, .. action.OtherEnvironmentIds ?? []];
        var usable = Usable(named);
        return usable.Count > 0 ? usable : Usable([(await credentials.GetAsync(cancellationToken))?.DefaultEnvironmentId ?? options.CurrentValue.DefaultEnvironmentId]);
    }

    /// <summary>
    /// Makes a call in one environment after another until one of them neither refuses it (403) nor lacks the incident (404): a role may have rights
    /// in one environment only, and an incident leaves an environment whose filter it no longer meets.
    /// </summary>
    internal async Task<ApiOutcome> TryEachAsync(AlertAction action, Func<string, Task<ApiOutcome>> call, CancellationToken cancellationToken)
    {
        var environments = await ListAsync(action, cancellationToken);
        if (environments.Count == 0) return new ApiOutcome(ApiResult.NotAllowed, null, None);
        List<(string Environment, ApiOutcome Outcome)> refused = [];
        foreach (var environment in environments)
        {
            var outcome = await call(environment);
            if (outcome.Status is not (403 or 404) || outcome.Result is not (ApiResult.NotAllowed or ApiResult.NotFound)) return outcome;
            refused.Add((environment, outcome));
        }

        // A role can be given what it lacks: one 403 among them makes the action wait.
        var kept = refused.FirstOrDefault(one => one.Outcome.Status == 403, refused[0]).Outcome;
        return refused.Count == 1 ? kept : kept with { Detail = string.Join("; ", refused.Select(one => $"environment {one.Environment}: {one.Outcome.Detail}")) };
    }

    private static List<string> Usable(IEnumerable<string?> environments) => [.. environments.OfType<string>().Where(PathSegment.IsPossible).Distinct()];
}
