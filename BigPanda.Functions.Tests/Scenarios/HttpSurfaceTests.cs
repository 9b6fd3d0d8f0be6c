using System.Net.Http.Headers;
using System.Text;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>Authentication, and the responses to invalid calls.</summary>
[Collection(BridgeCollection.Name)]
public sealed class HttpSurfaceTests(AppFixture app)
{
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task The_function_key_may_come_in_the_query()
    {
        (await BridgeClient.SendAsync(Request("GET", $"/api/alerts?limit=1&code={Uri.EscapeDataString(app.Host.FunctionKey)}"))).Expect(200);
    }

    [Fact]
    public async Task An_unknown_source_and_a_wrong_token_get_the_same_response()
    {
        var callback = app.Host.CallbackUrl.AbsolutePath;
        var bearer = $"Bearer {app.Host.BearerToken}";
        var unknown = await BridgeClient.SendAsync(With(Webhook("/api/webhooks/bigpanda/unknown"), "Authorization", bearer));
        var wrong = await BridgeClient.SendAsync(With(Webhook(callback), "Authorization", "Bearer wrong"));
        var none = await BridgeClient.SendAsync(Webhook(callback));
        var bare = await BridgeClient.SendAsync(With(Webhook(callback), "Authorization", app.Host.BearerToken));

        unknown.ExpectProblem(401);
        Assert.All(new[] { wrong, none, bare }, answer => Assert.Equal(unknown, answer));
    }

    [Theory]
    [InlineData("GET", "/api/webhooks/bigpanda/local")]
    [InlineData("DELETE", "/api/alerts/some-id")]
    [InlineData("POST", "/api/alerts")]
    [InlineData("GET", "/api/alerts/some-id/resolve")]
    [InlineData("POST", "/api/health")]
    [InlineData("TRACE", "/api/alerts")]
    [InlineData("TRACE", "/api/webhooks/bigpanda/local")]
    [InlineData("OPTIONS", "/api/alerts")]
    [InlineData("X-UNHEARD-OF", "/api/sources")]
    public async Task A_method_a_route_does_not_have_is_answered_405(string method, string path) =>
        (await BridgeClient.SendAsync(_bridge.WithKey(Request(method, path)))).Expect(405);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    public async Task A_body_that_is_declared_to_be_no_JSON_is_answered_415(string type)
    {
        var request = With(Webhook(app.Host.CallbackUrl.AbsolutePath), "Authorization", $"Bearer {app.Host.BearerToken}");
        request.Content = new ByteArrayContent(Samples.Published) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

        (await BridgeClient.SendAsync(request)).ExpectProblem(415);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_answered_400_with_line_and_position()
    {
        var problem = (await _bridge.PostWebhookAsync(Encoding.UTF8.GetBytes("{\n  \"incident\": oops\n}"))).ExpectProblem(400);

        Assert.Equal((2, 14), (problem.GetProperty("line").GetInt32(), problem.GetProperty("position").GetInt32()));
    }

    [Fact]
    public async Task A_body_that_is_no_incident_is_answered_422_naming_the_field()
    {
        var problem = (await _bridge.PostWebhookAsync(Encoding.UTF8.GetBytes("{\"incident\":{\"id\":7}}"))).ExpectProblem(422);

        Assert.Equal("incident.id", problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Health_is_public_and_readiness_names_each_dependency()
    {
        var health = (await BridgeClient.SendAsync(Request("GET", "/api/health"))).Expect(200);
        var ready = (await _bridge.GetAsync("/api/health/ready")).Expect(200);

        Assert.Equal("healthy", health.Json.GetProperty("status").GetString());
        Assert.Equal("ready", ready.Json.GetProperty("status").GetString());
        Assert.Equal(
            ["tableStorage", "serviceBus", "bigPanda"],
            ready.Json.GetProperty("dependencies").EnumerateArray().Select(dependency => dependency.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("/api/health", 200)]
    [InlineData("/api/openapi.json", 200)]
    [InlineData("/api/health/ready", 200)]
    [InlineData("/api/alerts", 200)]
    [InlineData("/api/alerts/unknown", 404)]
    [InlineData("/api/sources", 200)]
    [InlineData("/api/connection", 200)]
    public async Task HEAD_is_answered_as_GET_without_a_body(string path, int status)
    {
        var answer = (await BridgeClient.SendAsync(_bridge.WithKey(Request("HEAD", path)))).Expect(status);

        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task A_filter_that_is_given_twice_is_refused() => Assert.Equal(
        "severity must be given once.",
        (await _bridge.GetAsync("/api/alerts?severity=critical&severity=warning")).ExpectProblem(400).GetProperty("detail").GetString());

    [Fact]
    public async Task An_unknown_alert_is_answered_404() => (await _bridge.GetAsync("/api/alerts/unknown")).ExpectProblem(404);

    private HttpRequestMessage Request(string method, string path) => new(HttpMethod.Parse(method), _bridge.At(path));

    private HttpRequestMessage Webhook(string path)
    {
        var request = Request("POST", path);
        request.Content = new ByteArrayContent(Samples.Published) { Headers = { ContentType = new("application/json") } };
        return request;
    }

    private static HttpRequestMessage With(HttpRequestMessage request, string header, string value)
    {
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }
}
