using BigPanda.Functions.Http;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Monitors.Connection;
using BigPanda.Functions.Outbound;

namespace BigPanda.Functions.Tests.Monitors.Connection;

/// <summary>Which responses to an empty batch let an organisation token be stored.</summary>
public sealed class TokenVerdictTests
{
    [Fact]
    public void A_token_that_BigPanda_accepts_is_stored() => Assert.Equal((null, ""), Of(ApiResult.Done, 200));

    [Theory]
    [InlineData(
        ApiResult.NotAllowed, 401,
        "BigPanda rejected the organisation token. A user's API key is not one: copy the token from BigPanda's settings.")]
    [InlineData(ApiResult.NotAllowed, 403, "BigPanda does not let this token send alerts. Use the organisation token.")]
    [InlineData(
        ApiResult.NotFound, 404, "BigPanda returned 404: most likely the wrong region. Send region us or eu, whichever the token belongs to.")]
    [InlineData(ApiResult.Unavailable, 299, "Could not check the organisation token: what it said.")]
    [InlineData(ApiResult.Unavailable, 300, "The response from https://api.example.com is not BigPanda's (what it said).")]
    [InlineData(ApiResult.Unavailable, 399, "The response from https://api.example.com is not BigPanda's (what it said).")]
    [InlineData(ApiResult.Unavailable, 400, "Could not check the organisation token: what it said.")]
    [InlineData(ApiResult.Unavailable, null, "Could not check the organisation token: what it said.")]
    [InlineData(ApiResult.Rejected, 400, "The response from https://api.example.com is not BigPanda's (what it said).")]
    internal void Any_other_response_says_why_nothing_was_changed(ApiResult result, int? status, string why)
    {
        var (problem, said) = Of(result, status);

        Assert.Equal($"{why} Nothing was changed.", said);
        Assert.NotNull(problem);
    }

    private static (Problem? Problem, string Why) Of(ApiResult result, int? status) =>
        TokenVerdict.Of(new ApiOutcome(result, status, "what it said"), new SourceKeys("token", "app", "https://api.example.com"));
}
