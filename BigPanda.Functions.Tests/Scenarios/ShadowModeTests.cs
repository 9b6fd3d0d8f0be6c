using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>The bridge beside another integration: its timeline shows what would be sent, and BigPanda gets none of it.</summary>
public sealed class ShadowModeTests(ShadowFixture app) : IClassFixture<ShadowFixture>
{
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task What_is_done_here_is_shown_and_not_sent()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.CommentAsync(id, "looking into it", "ada")).Expect(202);
        (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await app.Queues.WaitUntilIdleAsync();

        var resolved = await _bridge.GetAlertAsync(id);
        Assert.True(resolved.IsSettled);
        Assert.Equal(
            [
                ("noted", "would add the comment “ada through the alert bridge (api): looking into it” in BigPanda"),
                ("noted", "would close the incident in BigPanda with the comment “Resolved by ada through the alert bridge (api): fixed”"),
            ],
            resolved.Entries("shadow").Select(entry => (entry.Verdict, entry.Reason)));
        Assert.DoesNotContain(app.BigPanda.Requests, request => request.Path.Contains(id, StringComparison.Ordinal));
        Assert.Equal(0, app.Queues.CountDeadLetters(Queues.BigPandaActions));
    }

    [Fact]
    public async Task The_other_integration_s_close_settles_the_alert_and_a_reopen_fires_it_again()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await app.Queues.WaitUntilIdleAsync();
        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 60));
        await app.Queues.WaitUntilIdleAsync();

        Assert.True((await _bridge.GetAlertAsync(id)).IsSettled);
        (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(409);

        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 120));
        Assert.Equal(2, (await _bridge.WaitForAlertAsync(id, alert => alert.Fires)).Episode);
    }
}

public sealed class ShadowFixture : AppFixture
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["BigPanda__Mode"] = "shadow" };
}
