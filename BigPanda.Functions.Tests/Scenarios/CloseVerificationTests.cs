using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>BigPanda's 202 is a promise; the closing webhook may get lost, and so may the close.</summary>
public sealed class CloseVerificationTests(VerifyingFixture app) : IClassFixture<VerifyingFixture>, IDisposable
{
    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task A_close_whose_webhook_is_lost_is_settled_by_asking_BigPanda()
    {
        await app.BigPanda.CloseAfterAsync(TimeSpan.Zero);
        var id = IncidentWebhook.NewId();
        await _bridge.TellAsync(IncidentWebhook.New(id));
        await _bridge.AlertAsync(id, alert => alert.Fires);
        app.BigPanda.Fail(new Fault(FaultMatch.Webhook, Reset: true));

        (await _bridge.ResolveAsync(id)).Expect(202);
        var alert = await _bridge.AlertAsync(id, alert => alert.IsSettled);

        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Empty(alert.Entries("incident#closed"));
        Assert.Contains(alert.Entries("close"), entry => entry.Reason == "BigPanda, when asked, shows the incident as closed");
    }

    [Fact]
    public async Task A_close_that_BigPanda_took_and_did_not_carry_out_is_sent_again()
    {
        await app.BigPanda.CloseAfterAsync(TimeSpan.FromMinutes(5));
        var id = IncidentWebhook.NewId();
        await _bridge.TellAsync(IncidentWebhook.New(id));
        await _bridge.AlertAsync(id, alert => alert.Fires);

        (await _bridge.ResolveAsync(id)).Expect(202);
        var calls = await app.BigPanda.ResolvesAsync(id, 2);
        var waiting = await _bridge.AlertAsync(id, alert => alert.BigPanda.Attempts >= 2);

        Assert.All(calls, call => Assert.Equal(202, call.Status));
        Assert.Equal(("resolved", "closing"), (waiting.Status, waiting.BigPanda.State));
        await _bridge.TellAsync(IncidentWebhook.Closed(id, 60));
        await _bridge.AlertAsync(id, alert => alert.IsSettled);
    }
}

/// <summary>A bridge that asks after a second, not after two minutes.</summary>
public sealed class VerifyingFixture : AppFixture
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Resolution__VerifyAfterSeconds"] = "1",
        ["BigPanda__TimeoutSeconds"] = "2",
    };
}
