namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class IntakeTests
{
    private const string Alerts = "/data/v2/alerts";
    private const string Callback = "/resources/v2.1/outbound/callback";

    [Fact]
    public async Task An_alert_is_accepted_once_and_its_exact_duplicate_is_not_news()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        const string alert = """{"app_key":"k","status":"critical","host":"db1","timestamp":1700000000,"tags":["a","b"]}""";

        Assert.Equal(201, (await driver.PostAsync(Alerts, alert)).Status);
        Assert.Equal(204, (await driver.PostAsync(Alerts, alert)).Status);
        Assert.Equal(201, (await driver.PostAsync(Alerts, alert.Replace("critical", "ok", StringComparison.Ordinal))).Status);
    }

    [Theory]
    [InlineData("""{"app_key":"k","status":"critical","service":"api"}""")]
    [InlineData("""{"app_key":"k","status":"unknown","primary_property":"pump","pump":"7"}""")]
    [InlineData("""{"app_key":"k","alerts":[{"status":"ok","host":"a"},{"status":"warning","device":"b"}]}""")]
    public async Task An_alert_needs_its_primary_property_and_has_it(string body)
    {
        await using var driver = await SimulatorDriver.StartAsync();

        Assert.Equal(201, (await driver.PostAsync(Alerts, body)).Status);
    }

    [Theory]
    [InlineData("""{"app_key":"k","status":"critical"}""", "primary property")]
    [InlineData("""{"app_key":"k","status":"critical","primary_property":"pump","host":"a"}""", "pump")]
    [InlineData("""{"app_key":"k","status":"fine","host":"a"}""", "status")]
    [InlineData("""{"status":"ok","host":"a"}""", "app_key")]
    [InlineData("""{"app_key":"k","status":"ok","host":"a","custom":{"deep":1}}""", "custom")]
    [InlineData("""{"app_key":"k","status":"ok","host":"a","timestamp":"now"}""", "timestamp")]
    [InlineData("""{"app_key":"k","status":"ok","host":"a","timestamp":1.5}""", "timestamp")]
    [InlineData("""{"app_key":"k","alerts":[{"status":"ok","host":"a"},7]}""", "not a JSON object")]
    [InlineData("""{"app_key":"k","alerts":{}}""", "array")]
    [InlineData("[]", "not a JSON object")]
    public async Task Any_other_alert_is_malformed_and_refused_with_the_reason(string body, string why)
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.PostAsync(Alerts, body);

        Assert.Equal(400, answer.Status);
        Assert.Contains(why, (string?)answer.Node["errors"]?[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Alerts_API_takes_the_token_in_the_address_too_and_the_log_does_not_keep_it()
    {
        await using var driver = await SimulatorDriver.StartAsync();
        driver.Http.DefaultRequestHeaders.Authorization = null;

        var answer = await driver.PostAsync($"{Alerts}?access_token={SimulatorDriver.Key}", """{"app_key":"k","status":"ok","host":"a"}""");

        Assert.Equal(201, answer.Status);
        Assert.Equal(Alerts, Assert.Single(driver.Simulator.Requests).Path);
    }

    [Fact]
    public async Task A_callback_has_exactly_its_three_fields()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.PostAsync(Callback, """{"event_type":"incident#new","incident_id":"i","app_key":"k"}""");

        Assert.Equal((200, """{"status":200,"data":{}}"""), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("""{"event_type":"incident#new","incident_id":"i"}""")]
    [InlineData("""{"event_type":"incident#new","incident_id":"i","app_key":"k","more":1}""")]
    [InlineData("""{"event_type":"incident#new","incident_id":7,"app_key":"k"}""")]
    [InlineData("nothing")]
    public async Task Any_other_callback_is_malformed(string body)
    {
        await using var driver = await SimulatorDriver.StartAsync();

        Assert.Equal(400, (await driver.PostAsync(Callback, body)).Status);
    }
}
