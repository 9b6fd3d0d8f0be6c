using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Connection;

/// <summary>What BigPanda's answer to the check means for a key somebody wants to connect.</summary>
internal static class KeyVerdict
{
    /// <returns>The environments the key sees; or null, the answer's status and why.</returns>
    public static (IReadOnlyList<BigPandaEnvironment>? Environments, int Status, string Why) Of(ApiOutcome outcome, ApiCredential candidate) => outcome switch
    {
        { Result: ApiResult.Done } when EnvironmentsResponse.Read(outcome.Body) is { } environments => Checked(environments, candidate),
        { Result: ApiResult.Done } => Refused($"What answers at {candidate.ApiBaseUrl} does not look like BigPanda's API."),
        { Status: 401 } => Refused("BigPanda rejects this key."),
        { Status: 403 } => Refused("The key is genuine, but its role may not read environments: give it the permission Environments, view."),
        { Result: ApiResult.NotFound } => Refused("BigPanda does not know the address: most likely the key belongs to the other region (wrong region)."),
        // An API does not redirect: the address is that of something else.
        { Status: >= 300 and < 400 } => Refused($"BigPanda does not answer the check as it should ({outcome.Detail})."),
        { Result: ApiResult.Unavailable } => (null, StatusCodes.Status503ServiceUnavailable, $"The key could not be checked; nothing was changed. BigPanda: {outcome.Detail}"),
        _ => Refused($"BigPanda does not answer the check as it should ({outcome.Detail})."),
    };

    private static (IReadOnlyList<BigPandaEnvironment>?, int, string) Checked(IReadOnlyList<BigPandaEnvironment> environments, ApiCredential candidate) =>
        // BigPanda's newest description of the answer leaves the ids out: then there is nothing to compare with.
        candidate.DefaultEnvironmentId is { } wanted && environments.Count > 0 && environments.All(environment => environment.Id != wanted)
            ? Refused($"The key sees no environment with the id {wanted}.")
            : (environments, StatusCodes.Status200OK, "");

    private static (IReadOnlyList<BigPandaEnvironment>?, int, string) Refused(string why) => (null, StatusCodes.Status422UnprocessableEntity, why + " Nothing was changed.");
}
