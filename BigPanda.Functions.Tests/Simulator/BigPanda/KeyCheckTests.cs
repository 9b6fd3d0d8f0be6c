using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class KeyCheckTests
{
    [Fact]
    public async Task The_right_key_is_shown_the_environments_as_a_bare_array()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.GetAsync("/resources/v2.0/environments");

        Assert.Equal(200, answer.Status);
        var environment = Assert.Single(Assert.IsType<JsonArray>(answer.Node));
        Assert.Equal("55550bc8c481fd1100abc398", (string?)environment?["id"]);
        Assert.Equal("All", (string?)environment?["name"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("bearer")]
    [InlineData("Basic dGVzdC1hcGkta2V5")]
    public async Task Any_other_key_gets_the_proxys_401(string? header)
    {
        await using var driver = await SimulatorDriver.StartAsync();
        driver.Http.DefaultRequestHeaders.Authorization = header is null ? null : AuthenticationHeaderValue.Parse(header);

        var answer = await driver.GetAsync("/resources/v2.0/environments");

        Assert.Equal((401, "text/html"), (answer.Status, answer.MediaType));
        Assert.Contains("401 Authorization Required", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_route_is_refused_in_BigPandas_envelope()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.GetAsync("/resources/v9/nothing");

        Assert.Equal(404, answer.Status);
        Assert.Equal("""{"status":404,"errors":["Route /resources/v9/nothing is not found"]}""", answer.Body);
    }

    [Fact]
    public async Task The_sixth_request_in_a_second_is_refused_without_a_Retry_After()
    {
        var time = new ManualTimeProvider();
        await using var driver = await SimulatorDriver.StartAsync(o => o with { RequestsPerSecond = 5 }, time);
        for (var i = 0; i < 5; i++)
            Assert.Equal(200, (await driver.GetAsync("/resources/v2.0/environments")).Status);

        var refused = await driver.ResolveAsync("incident-1");
        time.Advance(TimeSpan.FromSeconds(1));
        var later = await driver.ResolveAsync("incident-1");

        Assert.Equal((429, (string?)null), (refused.Status, refused.RetryAfter));
        Assert.Equal(202, later.Status);
    }

    [Fact]
    public async Task The_limit_can_be_switched_off_while_it_runs()
    {
        await using var driver = await SimulatorDriver.StartAsync(o => o with { RequestsPerSecond = 1 }, new ManualTimeProvider());

        var changed = await driver.PutAsync("/_simulator/settings", """{"requestsPerSecond":0}""");

        Assert.Equal((200, 0), (changed.Status, (int?)changed.Node["requestsPerSecond"]));
        for (var i = 0; i < 10; i++)
            Assert.Equal(200, (await driver.GetAsync("/resources/v2.0/environments")).Status);
    }
}
