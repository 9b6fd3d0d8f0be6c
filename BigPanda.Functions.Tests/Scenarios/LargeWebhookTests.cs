using System.Text;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

[Collection(BridgeCollection.Name)]
public sealed class LargeWebhookTests(AppFixture app)
{
    private const int Limit = 8 * 1024 * 1024;

    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task A_webhook_of_eight_mebibytes_goes_through_whole()
    {
        var id = IncidentWebhook.NewId();
        var body = OfLength(id, Limit);

        (await _bridge.PostWebhookAsync(body)).Expect(202);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Fires);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Equal((1, "critical", 1), (alert.Episode, alert.Severity, alert.Timeline.Count));
        Assert.NotNull(alert.Omitted);
        Assert.Empty(await app.Queues.PeekDeadLettersAsync(Queues.AlertEvents, id));
    }

    [Fact]
    public async Task One_byte_more_is_answered_413()
    {
        var problem = (await _bridge.PostWebhookAsync(OfLength(IncidentWebhook.NewId(), Limit + 1))).ExpectProblem(413);

        Assert.Equal(Limit, problem.GetProperty("limit").GetInt32());
    }

    [Fact]
    public async Task An_incident_of_three_hundred_alerts_is_kept_whole()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id) with { Alerts = 300 });

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Fires);

        Assert.Equal((300, (string?)null), (alert.Alerts.Count, alert.Omitted));
        Assert.Equal("CPU is 99% on machine 299", alert.Alerts[299].Description);
        Assert.Equal("web3", alert.Alerts[299].Tags["host"].GetString());
    }

    private static byte[] OfLength(string id, int length)
    {
        var rest = Encoding.UTF8.GetByteCount((IncidentWebhook.New(id) with { Description = "" }).ToJson());
        var body = Encoding.UTF8.GetBytes((IncidentWebhook.New(id) with { Description = IncidentWebhook.Noise(length - rest) }).ToJson());
        Assert.Equal(length, body.Length);
        return body;
    }
}
