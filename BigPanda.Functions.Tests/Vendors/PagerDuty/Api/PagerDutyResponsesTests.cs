using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.PagerDuty.Api;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Api;

public sealed class PagerDutyResponsesTests
{
    [Theory]
    [InlineData("1019", "Conflict", 409)]
    [InlineData("2100", "NotFound", 404)]
    [InlineData("5001", "NotFound", 404)]
    [InlineData("2010", "NotAllowed", 403)]
    [InlineData("2014", "NotAllowed", 403)]
    [InlineData("7", "", null)]
    public void A_code_means_the_same_whatever_the_status(string code, string result, int? status)
    {
        var error = PagerDutyResponses.RestError(400, $$$"""{"error":{"message":"no","code":{{{code}}},"errors":["a","b"]}}""");

        Assert.Equal(($"no: a; b (code {code})", result, status), (error?.Text, $"{error?.Result}", error?.Status));
    }

    [Fact]
    public void An_error_may_have_one_detail_and_no_code() =>
        Assert.Equal(new ApiError("no: only"), PagerDutyResponses.RestError(400, """{"error":{"message":"no","errors":"only"}}"""));

    [Theory]
    [InlineData("<", "the response is not JSON")]
    [InlineData("""{"\ud800 half a character":1}""", "the response is not JSON")]
    [InlineData("{}", "the response does not have the form of PagerDuty's")]
    [InlineData("""{"incidents":1}""", "the response does not have the form of PagerDuty's")]
    [InlineData("""{"incidents":[]}""", null)]
    public void A_response_has_its_member(string body, string? error) =>
        Assert.Equal(error, PagerDutyResponses.Has("incidents")(200, "application/json", body));
}
