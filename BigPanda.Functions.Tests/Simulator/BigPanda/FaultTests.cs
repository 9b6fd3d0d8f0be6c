using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class FaultTests
{
    [Fact]
    public async Task A_fault_answers_once_and_is_spent()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.FaultAsync("""{"match":"resolve","status":429,"retryAfter":"2"}""");

        var faulty = await driver.ResolveAsync("incident-1");
        var good = await driver.ResolveAsync("incident-1");

        Assert.Equal((429, "2"), (faulty.Status, faulty.RetryAfter));
        Assert.Equal("""{"status":429,"errors":["Too Many Requests"]}""", faulty.Body);
        Assert.Equal(202, good.Status);
    }

    [Theory]
    [InlineData("environments", "GET", "/resources/v2.0/environments")]
    [InlineData("resolve", "POST", $"{SimulatorDriver.Environment}/incidents/i/resolve")]
    [InlineData("comments", "POST", $"{SimulatorDriver.Environment}/incidents/i/comments")]
    [InlineData("incidents", "GET", $"{SimulatorDriver.Environment}/incidents/i")]
    [InlineData("incidents", "GET", $"{SimulatorDriver.Environment}/incidents")]
    [InlineData("incidents", "GET", "/resources/v2.0/incidents/i/activities")]
    [InlineData("callback", "POST", "/resources/v2.1/outbound/callback")]
    [InlineData("alerts", "POST", "/data/v2/alerts")]
    public async Task Every_route_can_fail(string match, string method, string path)
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.FaultAsync($$"""{"match":"{{match}}","status":404}""");

        var answer = method == "GET" ? await driver.GetAsync(path) : await driver.PostAsync(path, "{}");

        Assert.Equal((404, 404), (answer.Status, (int?)answer.Node["status"]));
    }

    [Fact]
    public async Task A_response_can_be_lost_after_the_request_is_carried_out()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.FaultAsync("""{"match":"resolve","loseAnswer":true}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => driver.ResolveAsync("incident-1"));

        var closed = await driver.Receiver.FirstAsync("incident#closed");
        Assert.Equal("incident-1", (string?)closed.Json["incident"]?["id"]);
        Assert.Equal("incident-1", Assert.Single(driver.Simulator.AcceptedResolves).IncidentId);
    }

    [Fact]
    public async Task A_fault_can_last_until_it_is_removed()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.FaultAsync("""{"match":"environments","status":503,"times":0}""");
        for (var i = 0; i < 3; i++)
            Assert.Equal(503, (await driver.GetAsync("/resources/v2.0/environments")).Status);

        await driver.DeleteAsync("/_simulator/faults");

        Assert.Equal(200, (await driver.GetAsync("/resources/v2.0/environments")).Status);
        Assert.Empty((await driver.GetAsync("/_simulator/faults")).Node.AsArray());
    }

    [Fact]
    public async Task Faults_of_one_route_come_in_order_and_show_what_is_left()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PostAsync("/_simulator/faults", """[{"match":"resolve","status":500,"times":2},{"match":"resolve","status":403}]""");

        var first = await driver.ResolveAsync("i");
        var open = (await driver.GetAsync("/_simulator/faults")).Node.AsArray();
        var second = await driver.ResolveAsync("i");
        var third = await driver.ResolveAsync("i");

        Assert.Equal([500, 500, 403], [first.Status, second.Status, third.Status]);
        Assert.Equal([1, 1], open.Select(f => (int?)f?["times"] ?? 0));
    }

    [Fact]
    public async Task A_fault_can_have_a_custom_body_or_the_proxys()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.PostAsync("/_simulator/faults", """
            [{"match":"resolve","status":500,"body":{"status":500,"errors":["custom"]}},
             {"match":"resolve","status":400,"body":"plain"},
             {"match":"resolve","status":502,"html":true}]
            """);

        var json = await driver.ResolveAsync("i");
        var text = await driver.ResolveAsync("i");
        var html = await driver.ResolveAsync("i");

        Assert.Equal("custom", (string?)json.Node["errors"]?[0]);
        Assert.Equal("plain", text.Body);
        Assert.Equal((502, "text/html"), (html.Status, html.MediaType));
        Assert.Contains("502 Bad Gateway", html.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delay_without_a_status_answers_late_and_successfully()
    {
        var time = new ManualTimeProvider();
        await using var driver = await SimulatorDriver.StartAsync(time: time);
        await driver.FaultAsync("""{"match":"resolve","delayMs":20000}""");

        var call = driver.ResolveAsync("i");
        await time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(20));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(202, (await call).Status);
    }

    [Fact]
    public async Task A_reset_ends_the_connection_and_is_logged_as_no_response()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        await driver.FaultAsync("""{"match":"resolve","reset":true}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => driver.ResolveAsync("i"));

        Assert.Equal(0, Assert.Single(driver.Simulator.Requests).Status);
    }

    [Fact]
    public async Task A_request_whose_caller_timed_out_is_still_carried_out()
    {
        var time = new ManualTimeProvider();
        await using var driver = await SimulatorDriver.StartAsync(time: time);
        await driver.FaultAsync("""{"match":"resolve","delayMs":20000}""");
        using var caller = new CancellationTokenSource();

        var call = driver.Http.PostAsync($"{SimulatorDriver.Environment}/incidents/i/resolve", new StringContent("""{"comments":"c"}"""), caller.Token);
        await time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(20));
        await caller.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        time.Advance(TimeSpan.FromSeconds(20));
        await driver.Receiver.FirstAsync("incident#closed");

        // The webhook may arrive before the request is recorded.
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        var requests = await driver.Simulator.WaitForRequestsAsync(all => all.Count > 0, deadline.Token);
        Assert.Equal(202, Assert.Single(requests).Status);
    }

    [Fact]
    public async Task A_long_delay_does_not_keep_the_simulator_from_stopping()
    {
        var time = new ManualTimeProvider();
        var driver = await SimulatorDriver.StartAsync(time: time);
        await driver.FaultAsync("""{"match":"resolve","delayMs":600000}""");
        var waiting = driver.ResolveAsync("i");
        await time.WhenTimerIsSetAsync(TimeSpan.FromSeconds(600));

        await driver.Simulator.DisposeAsync().AsTask().WaitAsync(Eventually.Deadline);

        await Assert.ThrowsAsync<HttpRequestException>(() => waiting);
        await driver.Receiver.DisposeAsync();
    }

    [Theory]
    [InlineData("{}", "The body is invalid")]
    [InlineData("null", "null")]
    [InlineData("[null]", "Fault 1")]
    [InlineData("""[{"match":"resolve","status":500},{"match":"reslove","status":500}]""", "Fault 2: match 'reslove' is unknown")]
    [InlineData("""[{"match":"resolve","stauts":500}]""", "stauts")]
    [InlineData("""[{"match":"resolve","status":"often"}]""", "status")]
    [InlineData("""[{"match":"resolve","status":99}]""", "status")]
    [InlineData("""[{"match":"resolve","status":500,"times":-1}]""", "times")]
    [InlineData("""[{"match":"resolve","delayMs":-1}]""", "delayMs")]
    [InlineData("""[{"match":"resolve"}]""", "does nothing")]
    [InlineData("""[{"match":"resolve","html":true}]""", "need a status")]
    [InlineData("""[{"match":"resolve","duplicate":2}]""", "webhook")]
    [InlineData("""[{"match":"webhook","status":500}]""", "receiver")]
    [InlineData("""[{"match":"webhook","duplicate":1}]""", "duplicate")]
    [InlineData("""[{"match":"webhook","reorder":true}]""", "times")]
    [InlineData("""[{"match":"webhook"}]""", "does nothing")]
    public async Task An_invalid_fault_is_refused_with_the_reason(string faults, string why)
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.PostAsync("/_simulator/faults", faults);

        Assert.Equal(400, answer.Status);
        Assert.Contains(why, (string?)answer.Node["error"], StringComparison.Ordinal);
        Assert.Empty(driver.Simulator.Faults.Open);
    }
}
