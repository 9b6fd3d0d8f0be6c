using System.Net.Http.Json;
using BigPanda.Functions.Tests.Hosting;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>The headers of every response, of whatever route and outcome. A separate bridge: every route is called, those that delete too.</summary>
public sealed class ResponseHeaderTests
{
    [Fact]
    public async Task Every_route_answers_with_them_with_and_without_its_credential()
    {
        await using var bridge = await RunningBridge.StartAsync();
        using var unknown = new HttpClient { BaseAddress = bridge.Host.BaseUrl };
        HashSet<int> seen = [];

        var functions = FunctionCatalog.Discover([typeof(AppServices).Assembly]).Http;
        // The console has the headers of a page: ConsoleFunctionTests.
        foreach (var function in functions.Where(one => !one.Route.StartsWith("console", StringComparison.Ordinal)))
        {
            foreach (var method in function.Methods)
            {
                var path = $"/api/{function.Route.Replace("{sourceId}", "local", StringComparison.Ordinal)}";
                foreach (var client in new[] { unknown, bridge.Http })
                {
                    using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
                    if (method is "POST" or "PUT" or "PATCH") request.Content = JsonContent.Create(new { });
                    using var response = await client.SendAsync(request);
                    SecurityHeaders.AssertIn(response);
                    seen.Add((int)response.StatusCode);
                }
            }
        }

        Assert.Superset(new HashSet<int> { 200, 400, 401, 404, 422 }, seen);
    }

    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("DELETE", "/api/things/7", 405)]
    [InlineData("POST", "/admin/functions/FakeTimer", 401)]
    [InlineData("GET", "/api/things/7", 401)]
    [InlineData("POST", "/api/things/7", 200)]
    [InlineData("GET", "/api/failures", 500)]
    public async Task So_does_the_local_host_itself(string method, string path, int status)
    {
        await using var app = await FakeApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);

        using var response = await app.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        SecurityHeaders.AssertIn(response);
    }
}
