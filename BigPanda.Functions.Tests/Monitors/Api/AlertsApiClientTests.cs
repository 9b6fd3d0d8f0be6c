using System.Net;
using System.Text;
using BigPanda.Functions.Monitors.Api;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Monitors.Relay;
using static BigPanda.Functions.Tests.Monitors.Relay.RelayWorld;

namespace BigPanda.Functions.Tests.Monitors.Api;

/// <summary>BigPanda's Alerts API, and whatever may answer in its place.</summary>
public sealed class AlertsApiClientTests
{
    private const string Json = "application/json";
    private const string Html = "text/html";
    private const string Page = "<html><body>Sign in</body></html>";

    private static readonly SourceKeys Keys = new("the-org-token-of-the-organisation", "the-app-key-of-the-integration", "https://api.example.com");

    /// <summary>An alert counts as accepted only when BigPanda says so, and as refused for good only when BigPanda does.</summary>
    [Theory]
    [InlineData(201, Json, """{"status":201,"data":{}}""", "Done")]
    [InlineData(201, Json, "", "Done")]
    [InlineData(201, "text/plain", "created", "Done")]
    [InlineData(201, Html, Page, "Unavailable")]
    [InlineData(204, null, "", "Done")]
    [InlineData(200, Json, """{"status":200,"data":{}}""", "Done")]
    [InlineData(200, Json, """{"status":400,"errors":["invalid"]}""", "Unavailable")]
    [InlineData(200, Json, "", "Unavailable")]
    [InlineData(200, Json, "{", "Unavailable")]
    [InlineData(200, Html, Page, "Unavailable")]
    [InlineData(203, Html, Page, "Unavailable")]
    [InlineData(206, Json, "{}", "Unavailable")]
    [InlineData(302, Html, Page, "Unavailable")]
    [InlineData(307, null, "", "Unavailable")]
    [InlineData(400, Json, """{"errors":["invalid"]}""", "Rejected")]
    [InlineData(400, Html, Page, "Unavailable")]
    [InlineData(401, Json, "{}", "NotAllowed")]
    [InlineData(403, Html, Page, "NotAllowed")]
    [InlineData(404, Json, "{}", "NotFound")]
    [InlineData(404, Html, Page, "Unavailable")]
    [InlineData(405, Html, Page, "Unavailable")]
    [InlineData(408, null, "", "Unavailable")]
    [InlineData(429, Json, "{}", "Unavailable")]
    [InlineData(500, Html, Page, "Unavailable")]
    [InlineData(503, null, "", "Unavailable")]
    public void Each_response_has_its_result(int status, string? type, string body, string result) =>
        Assert.Equal(result, Send(_ => Response(status, type, body)).Result.ToString());

    [Theory]
    [InlineData(201, "Done")]
    [InlineData(200, "Unavailable")]
    [InlineData(400, "Unavailable")]
    public void An_enormous_body_is_not_read_and_decides_nothing_where_none_is_needed(int status, string result) =>
        Assert.Equal(result, Send(_ => Response(status, Json, $"\"{new string('x', 8 * 1024 * 1024)}\"")).Result.ToString());

    [Fact]
    public void A_connection_that_is_reset_and_a_response_that_does_not_come_are_outages()
    {
        Assert.Equal(ApiResult.Unavailable, Send(_ => throw new HttpRequestException("reset")).Result);
        Assert.Equal(ApiResult.Unavailable, Send(_ => throw new TaskCanceledException("The response took too long.")).Result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(290)]
    public void A_response_that_quotes_the_keys_is_shown_without_them(int before)
    {
        var echo = $"{new string('x', before)} Bearer {Keys.OrgToken} app_key={Keys.AppKey} {Keys.AppKey.ToUpperInvariant()}";

        foreach (var status in new[] { 400, 401, 500 })
        {
            var detail = Send(_ => Response(status, "text/plain", echo)).Detail;
            Assert.DoesNotContain("the-org", detail, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("the-app", detail, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData(400, Json, "Done")]
    [InlineData(409, Json, "Done")]
    [InlineData(422, Json, "Done")]
    [InlineData(400, Html, "Unavailable")]
    [InlineData(401, Json, "NotAllowed")]
    [InlineData(404, Json, "NotFound")]
    [InlineData(405, Json, "Rejected")]
    [InlineData(413, Json, "Rejected")]
    [InlineData(501, Json, "Rejected")]
    [InlineData(302, Html, "Unavailable")]
    [InlineData(503, Json, "Unavailable")]
    public void A_token_is_accepted_only_by_a_refusal_of_the_empty_batch(int status, string type, string result) => Assert.Equal(
        result,
        Run(async world =>
        {
            world.BigPanda.Answer = _ => Response(status, type, type == Html ? Page : "{}");
            var instance = await world.StartAsync();
            return (await instance.Get<AlertsApiClient>().CheckAsync(Keys, CancellationToken.None)).Result.ToString();
        }));

    private static ApiOutcome Send(Func<ApiCallSeen, HttpResponseMessage?> answer) => Run(async world =>
    {
        world.BigPanda.Answer = answer;
        var instance = await world.StartAsync();
        return await instance.Get<AlertsApiClient>().SendAsync(
            new CallClaim(CallPriority.Normal, CancellationToken.None), Keys, """{"status":"ok","host":"a"}"""u8.ToArray(), _ => Task.FromResult<string?>(null),
            CancellationToken.None);
    });

    private static HttpResponseMessage Response(int status, string? type, string body)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (type is not null) response.Content.Headers.ContentType = new(type);
        return response;
    }
}
