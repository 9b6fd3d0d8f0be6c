namespace BigPanda.Functions.Tests.Simulator.BigPanda;

public sealed class CommentTests
{
    private const string Comments = $"{SimulatorDriver.Environment}/incidents/incident-1/comments";

    [Fact]
    public async Task A_comment_is_kept_without_an_answer_or_a_webhook()
    {
        await using var driver = await SimulatorDriver.StartAsync();

        var answer = await driver.PostAsync(Comments, """{"comment":"Looking."}""");
        var activities = await driver.GetAsync("/resources/v2.0/incidents/incident-1/activities");

        Assert.Equal((204, ""), (answer.Status, answer.Body));
        Assert.Equal("incident_commented", (string?)activities.Node[0]?["type"]);
        Assert.Equal("Looking.", (string?)activities.Node[0]?["params"]?["comment"]);
        Assert.Empty(driver.Simulator.Webhooks);
    }

    [Fact]
    public async Task With_sendComments_the_comment_is_sent_as_a_webhook()
    {
        await using var driver = await SimulatorDriver.StartAsync(o => o with { SendComments = true });

        await driver.PostAsync(Comments, """{"comment":"Looking."}""");
        var webhook = await driver.Receiver.FirstAsync("incident#commented");

        Assert.Equal("Looking.", (string?)webhook.Json["metadata"]?["comment"]?["comment"]);
        Assert.True((bool?)webhook.Json["incident"]?["active"]);
    }

    [Theory]
    [InlineData("""{"comments":"plural"}""")]
    [InlineData("""{"comment":""}""")]
    [InlineData("not json")]
    public async Task A_body_without_a_comment_is_malformed(string body)
    {
        await using var driver = await SimulatorDriver.StartAsync();

        Assert.Equal(400, (await driver.PostAsync(Comments, body)).Status);
    }
}
