using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.BigPanda.Connection;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Connection;

/// <summary>Which responses of BigPanda's API let a key be connected.</summary>
public sealed class KeyVerdictTests
{
    private const string Environments = """[{"id":"env-1","name":"Prod"},{"id":"env-2","name":"EU"}]""";

    [Theory]
    [InlineData(Environments, null, 2)]
    [InlineData(Environments, "env-2", 2)]
    [InlineData("""[{"name":"Prod"}]""", "env-9", 0)]
    [InlineData("[]", null, 0)]
    public void A_key_that_can_read_the_environments_is_connected(string body, string? wanted, int environments)
    {
        var verdict = Of(ApiResult.Done, 200, body, wanted);

        Assert.Equal((null, environments), (verdict.Problem, verdict.Environments.Count));
    }

    [Fact]
    public void The_default_environment_must_be_among_those_that_the_key_can_read()
    {
        var verdict = Of(ApiResult.Done, 200, Environments, "env-9");

        Assert.Equal(
            ("environment-not-visible", "The API key can read no environment with the id env-9. Nothing was changed."), (verdict.Problem?.Code, verdict.Why));
        Assert.Empty(verdict.Environments);
    }

    [Theory]
    [InlineData(ApiResult.Done, 200, "The response from https://api.example.com is not BigPanda's.")]
    [InlineData(ApiResult.NotAllowed, 401, "BigPanda rejected the API key.")]
    [InlineData(
        ApiResult.NotAllowed, 403,
        "The API key is valid, but its role may not read environments. Grant the role the permission Environments, view.")]
    [InlineData(
        ApiResult.NotFound, 404, "BigPanda returned 404: most likely the wrong region. Send region us or eu, whichever the key belongs to.")]
    [InlineData(ApiResult.Unavailable, 299, "Could not check the API key: what it said.")]
    [InlineData(ApiResult.Unavailable, 300, "The response is not BigPanda's (what it said).")]
    [InlineData(ApiResult.Unavailable, 399, "The response is not BigPanda's (what it said).")]
    [InlineData(ApiResult.Unavailable, 400, "Could not check the API key: what it said.")]
    [InlineData(ApiResult.Unavailable, 503, "Could not check the API key: what it said.")]
    [InlineData(ApiResult.Unavailable, null, "Could not check the API key: what it said.")]
    [InlineData(ApiResult.Rejected, 400, "The response is not BigPanda's (what it said).")]
    internal void Any_other_response_says_why_nothing_was_changed(ApiResult result, int? status, string why)
    {
        var verdict = Of(result, status, "{}", null);

        Assert.Equal($"{why} Nothing was changed.", verdict.Why);
        Assert.NotNull(verdict.Problem);
    }

    private static KeyVerdict Of(ApiResult result, int? status, string body, string? environment) => KeyVerdict.Of(
        new ApiOutcome(result, status, "what it said", Body: body), new BigPandaCredential("key", "https://api.example.com", environment));
}
