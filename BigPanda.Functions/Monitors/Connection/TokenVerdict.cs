using BigPanda.Functions.Http;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Monitors.Connection;

/// <summary>Decides from BigPanda's response to an empty batch whether an organisation token can be stored.</summary>
internal static class TokenVerdict
{
    /// <returns>Null for a token that BigPanda accepts.</returns>
    public static (Problem? Problem, string Why) Of(ApiOutcome outcome, SourceKeys keys) => outcome switch
    {
        { Result: ApiResult.Done } => (null, ""),
        { Status: 401 } => Refuse(
            Problems.ApiKeyRejected, "BigPanda rejected the organisation token. A user's API key is not one: copy the token from BigPanda's settings."),
        { Status: 403 } => Refuse(Problems.ApiKeyForbidden, "BigPanda does not let this token send alerts. Use the organisation token."),
        { Result: ApiResult.NotFound } => Refuse(
            Problems.WrongRegion, "BigPanda returned 404: most likely the wrong region. Send region us or eu, whichever the token belongs to."),
        { Status: >= 300 and < 400 } => Refuse(Problems.NotBigPanda, $"The response from {keys.ApiBaseUrl} is not BigPanda's ({outcome.Detail})."),
        { Result: ApiResult.Unavailable } => Refuse(Problems.BigPandaUnavailable, $"Could not check the organisation token: {outcome.Detail}."),
        _ => Refuse(Problems.NotBigPanda, $"The response from {keys.ApiBaseUrl} is not BigPanda's ({outcome.Detail})."),
    };

    private static (Problem Problem, string Why) Refuse(Problem problem, string why) => (problem, $"{why} Nothing was changed.");
}
