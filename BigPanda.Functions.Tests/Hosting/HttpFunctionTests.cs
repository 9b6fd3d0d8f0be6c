using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class HttpFunctionTests
{
    [Theory]
    [InlineData("/api/things/7", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/things/7", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("/api/things/7?code=wrong", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/things/7?code=", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/admin-things", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/things/7", FakeApp.Key, HttpStatusCode.OK)]
    [InlineData("/api/things/7?code=" + FakeApp.Key, null, HttpStatusCode.OK)]
    [InlineData("/api/admin-things", FakeApp.Key, HttpStatusCode.OK)]
    [InlineData("/api/missing", FakeApp.Key, HttpStatusCode.NotFound)]
    public async Task A_function_that_asks_for_a_key_gets_one(string path, string? key, HttpStatusCode expected)
    {
        await using var app = await FakeApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);

        using var response = await app.Http.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Unauthorized)
            Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task An_anonymous_function_gets_its_route_value_decoded()
    {
        await using var app = await FakeApp.StartAsync();

        using var response = await app.Http.PostAsync("/api/things/a%20b%C3%BC", null);

        Assert.Equal("POST a bü True", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_method_no_function_takes_is_answered_405_with_those_that_are()
    {
        await using var app = await FakeApp.StartAsync();

        using var response = await app.Http.DeleteAsync("/api/things/7");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task An_exception_is_a_problem_without_details_and_one_line_in_the_log()
    {
        await using var app = await FakeApp.StartAsync();

        using var response = await app.Http.GetAsync("/api/failures");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(500, (int?)(await response.Content.ReadFromJsonAsync<JsonObject>())?["status"]);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((LogLevel.Error, "Function FailThing failed A secret of /api/failures"), Assert.Single(app.Log.Lines));
    }

    [Fact]
    public async Task A_body_over_the_hosts_limit_is_413_and_no_failure_of_the_function()
    {
        await using var app = await FakeApp.StartAsync();
        // The body is shorter than its length says: it must not be sent while the response is late.
        using var http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Eventually.Deadline }) { BaseAddress = app.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/lengths") { Content = new ByteArrayContent([1]) };
        request.Content.Headers.ContentLength = 104_857_601;
        request.Headers.ExpectContinue = true;

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(app.Log.Lines);
    }
}
