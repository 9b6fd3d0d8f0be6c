using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Api;

/// <summary>A 2xx response counts only when it comes from BigPanda.</summary>
public sealed class BigPandaResponsesTests
{
    [Theory]
    [InlineData(202, "application/json", """{"status":202,"data":{}}""")]
    [InlineData(202, "application/json", """{"status":"202","data":{}}""")]
    [InlineData(200, "application/json", """{"status":202.0,"data":{}}""")]
    [InlineData(202, "application/json", "{}")]
    [InlineData(202, null, "")]
    [InlineData(204, null, "")]
    [InlineData(200, "application/json", """{"status":200,"data":{}}""")]
    [InlineData(200, "application/json", """{"status":204,"data":{}}""")]
    [InlineData(200, "application/json", """{"status":200,"data":null,"errors":[]}""")]
    [InlineData(200, "text/plain", """{"data":{}}""")]
    public void What_BigPanda_answers_an_action_is_taken(int status, string? type, string body) =>
        Assert.Null(BigPandaResponses.Acknowledgement(status, type, body));

    [Theory]
    [InlineData(200, "text/html", "<html>Sign in</html>", "web page")]
    [InlineData(202, "text/html", """{"status":202,"data":{}}""", "web page")]
    [InlineData(200, "application/json", "<html>Sign in</html>", "not JSON")]
    [InlineData(200, null, "", "empty")]
    [InlineData(200, "text/plain", "OK", "not JSON")]
    [InlineData(200, "application/json", """{"\ud800 half a character":1}""", "not JSON")]
    [InlineData(200, "application/json", "\"OK\"", "form")]
    [InlineData(200, "application/json", "[]", "form")]
    [InlineData(200, "application/json", """{"login":"https://sso.example.com"}""", "form")]
    [InlineData(200, "application/json", """{"status":500,"errors":["busy"]}""", "form")]
    [InlineData(202, "application/json", """{"status":202,"errors":["busy"]}""", "form")]
    [InlineData(200, "application/json", """{"status":"ok"}""", "form")]
    [InlineData(200, "application/json", """{"status":"500","data":{}}""", "form")]
    [InlineData(201, "application/json", """{"status":201,"data":{}}""", "does not use this status for this call")]
    [InlineData(206, "application/json", """{"status":202,"data":{}}""", "does not use this status for this call")]
    public void What_another_answers_in_its_place_is_not(int status, string? type, string body, string why) =>
        Assert.Contains(why, BigPandaResponses.Acknowledgement(status, type, body), StringComparison.Ordinal);

    [Theory]
    [InlineData(200, "{}", true, false)]
    [InlineData(200, "[]", false, true)]
    [InlineData(200, "null", false, false)]
    [InlineData(200, "", false, false)]
    [InlineData(202, "{}", false, false)]
    [InlineData(204, "", false, false)]
    public void An_answer_to_a_question_has_its_shape(int status, string body, bool isObject, bool isArray) =>
        Assert.Equal((isObject, isArray), (BigPandaResponses.Object(status, null, body) is null, BigPandaResponses.Array(status, null, body) is null));
}
