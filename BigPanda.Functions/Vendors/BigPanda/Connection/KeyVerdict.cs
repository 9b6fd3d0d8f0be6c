using BigPanda.Functions.Http;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>Decides from BigPanda's response whether a key can be connected.</summary>
/// <param name="Environments">The environments the key can read.</param>
/// <param name="Problem">Null for a key that can be connected.</param>
internal sealed record KeyVerdict(IReadOnlyList<BigPandaEnvironment> Environments, Problem? Problem = null, string Why = "")
{
    public static KeyVerdict Of(ApiOutcome outcome, BigPandaCredential candidate) => outcome switch
    {
        { Result: ApiResult.Done } when EnvironmentsResponse.Read(outcome.Body) is { } environments => OfEnvironments(environments, candidate),
        { Result: ApiResult.Done } => Refuse(Problems.NotBigPanda, $"The response from {candidate.ApiBaseUrl} is not BigPanda's."),
        { Status: 401 } => Refuse(Problems.ApiKeyRejected, "BigPanda rejected the API key."),
        { Status: 403 } => Refuse(
            Problems.ApiKeyForbidden, "The API key is valid, but its role may not read environments. Grant the role the permission Environments, view."),
        { Result: ApiResult.NotFound } => Refuse(
            Problems.WrongRegion, "BigPanda returned 404: most likely the wrong region. Send region us or eu, whichever the key belongs to."),
        // BigPanda's API does not redirect: something else has this address.
        { Status: >= 300 and < 400 } => Refuse(Problems.NotBigPanda, $"The response is not BigPanda's ({outcome.Detail})."),
        { Result: ApiResult.Unavailable } => Refuse(Problems.BigPandaUnavailable, $"Could not check the API key: {outcome.Detail}."),
        _ => Refuse(Problems.NotBigPanda, $"The response is not BigPanda's ({outcome.Detail})."),
    };

    private static KeyVerdict OfEnvironments(IReadOnlyList<BigPandaEnvironment> environments, BigPandaCredential candidate) =>
        // BigPanda's newest documentation omits the ids: then there is nothing to compare.
        candidate.DefaultEnvironmentId is { } wanted && environments.Count > 0 && environments.All(environment => environment.Id != wanted)
            ? Refuse(Problems.EnvironmentNotVisible, $"The API key can read no environment with the id {wanted}.")
            : new KeyVerdict(environments);

    private static KeyVerdict Refuse(Problem problem, string why) => new([], problem, why + " Nothing was changed.");
}
