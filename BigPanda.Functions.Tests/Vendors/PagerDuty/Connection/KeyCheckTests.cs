using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.PagerDuty.Connection;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Connection;

/// <summary>What PagerDuty's response says of a REST key and its From address.</summary>
public sealed class KeyCheckTests
{
    [Fact]
    public void A_key_that_finds_the_user_is_right() => Assert.Equal(new KeyCheck(null, ""), Of(ApiResult.Done, 200, true));

    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public void Notes_are_written_as_a_user(bool? knowsUser) => Assert.Equal(
        "No user of the PagerDuty account has the address in from: notes are written as a user. Send the address of one. Nothing was changed.",
        Of(ApiResult.Done, 200, knowsUser).Why);

    [Theory]
    [InlineData(ApiResult.NotAllowed, 401, "PagerDuty rejected the REST key (what it said). Check it, and the region that it belongs to.")]
    [InlineData(ApiResult.NotAllowed, 403, "The REST key may not read users (what it said).")]
    [InlineData(ApiResult.Unavailable, 199, "Could not check the REST key: what it said.")]
    [InlineData(ApiResult.Unavailable, 200, "The response of https://api.example.com is not PagerDuty's (what it said).")]
    [InlineData(ApiResult.Unavailable, 399, "The response of https://api.example.com is not PagerDuty's (what it said).")]
    [InlineData(ApiResult.Unavailable, 400, "Could not check the REST key: what it said.")]
    [InlineData(ApiResult.Unavailable, null, "Could not check the REST key: what it said.")]
    [InlineData(ApiResult.NotFound, 404, "The response of https://api.example.com is not PagerDuty's (what it said).")]
    internal void Any_other_response_says_why_nothing_was_changed(ApiResult result, int? status, string why)
    {
        var check = Of(result, status, null);

        Assert.Equal($"{why} Nothing was changed.", check.Why);
        Assert.NotNull(check.Problem);
    }

    private static KeyCheck Of(ApiResult result, int? status, bool? knowsUser) =>
        KeyCheck.Of(new ApiOutcome(result, status, "what it said"), knowsUser, "https://api.example.com");
}
