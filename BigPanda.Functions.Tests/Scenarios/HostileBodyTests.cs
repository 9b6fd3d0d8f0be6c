using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A separate bridge: its alerts must not show in the listings of other tests.</summary>
public sealed class HostileBodyTests(AppFixture app) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task No_body_makes_the_bridge_fail_and_what_it_accepts_becomes_an_alert()
    {
        Dictionary<string, TextResponse> answers = [];
        foreach (var (name, body) in HostileBodies.All) answers[name] = await app.Bridge.PostWebhookAsync(body);
        await app.Queues.WaitUntilIdleAsync();

        Assert.All(answers, answer => Assert.True(answer.Value.Status is 202 or 400 or 422, $"{answer.Key}: {answer.Value}"));
        Assert.All(answers.Where(answer => answer.Value.Status != 202), answer => answer.Value.ExpectProblem(answer.Value.Status));
        Assert.Equal(0, app.Queues.CountDeadLetters(Queues.AlertEvents));
        foreach (var id in answers.Values.Where(answer => answer.Status == 202).Select(answer => answer.Json.GetProperty("incidentId").GetString() ?? ""))
            Assert.Equal(id, (await app.Bridge.GetAlertAsync(id)).IncidentId);
    }
}
