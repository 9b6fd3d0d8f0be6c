namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class RequestLogTests
{
    [Fact]
    public async Task The_log_lists_requests_oldest_first_without_control_calls()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.GetAsync("/resources/v2.0/environments");
        await driver.ResolveAsync("incident-1", "Why.");
        await driver.PostAsync("/nowhere", "no JSON");

        var log = (await driver.GetAsync("/_simulator/requests")).Node.AsArray();

        Assert.Equal(
            [("GET", "/resources/v2.0/environments", 200),
             ("POST", $"{SimulatorDriver.Environment}/incidents/incident-1/resolve", 202),
             ("POST", "/nowhere", 404)],
            log.Select(r => ((string?)r?["method"], (string?)r?["path"], (int?)r?["status"] ?? 0)));
        Assert.Null(log[0]?["body"]);
        Assert.Equal("Why.", (string?)log[1]?["body"]?["comments"]);
        Assert.Equal("no JSON", (string?)log[2]?["body"]);
        Assert.Equal(["at", "method", "path", "status", "body"], log[0]?.AsObject().Select(p => p.Key));
    }

    [Fact]
    public async Task Refused_keys_are_logged_without_the_key()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        driver.Http.DefaultRequestHeaders.Authorization = new("Bearer", "another-key");

        await driver.ResolveAsync("incident-1");
        var log = await driver.GetAsync("/_simulator/requests");

        Assert.Equal(401, (int?)log.Node[0]?["status"]);
        Assert.DoesNotContain("another-key", log.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_can_be_cleared()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.GetAsync("/resources/v2.0/environments");

        var answer = await driver.DeleteAsync("/_simulator/requests");

        Assert.Equal(204, answer.Status);
        Assert.Empty(driver.Simulator.Requests);
    }
}
