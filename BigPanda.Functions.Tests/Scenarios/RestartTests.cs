using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

public sealed class RestartTests(StorageOutageFixture app) : IClassFixture<StorageOutageFixture>
{
    [Fact]
    public async Task After_a_restart_the_alerts_are_there_and_what_was_not_applied_is()
    {
        var (kept, waiting, resolved) = (IncidentWebhook.NewId("kept"), IncidentWebhook.NewId("waiting"), IncidentWebhook.NewId("resolved"));
        await app.Bridge.PostWebhooksAsync(IncidentWebhook.New(kept), IncidentWebhook.New(resolved), IncidentWebhook.New(waiting));
        await app.Bridge.WaitForAlertAsync(kept, alert => alert.Fires);
        await app.Bridge.WaitForAlertAsync(waiting, alert => alert.Fires);
        await app.Bridge.WaitForAlertAsync(resolved, alert => alert.Fires);
        app.BigPanda.FailResolve(503, retryAfter: "120");
        (await app.Bridge.ResolveAsync(resolved, "before the restart", "ada")).Expect(202);
        await app.Bridge.WaitForAlertAsync(resolved, alert => alert.BigPanda.LastError is not null);
        await app.Host.Azurite.SuspendAsync(CancellationToken.None);
        await app.Bridge.PostWebhooksAsync(IncidentWebhook.Closed(waiting, 10));
        await app.WaitForOutageAsync(waiting);

        await app.RestartAsync();
        await app.SkipWaitAsync(resolved);

        Assert.True((await app.Bridge.GetAlertAsync(kept)).Fires);
        await app.Bridge.WaitForAlertAsync(waiting, alert => !alert.Fires);
        await app.Bridge.WaitForAlertAsync(resolved, alert => alert.IsSettled);
        Assert.Contains("before the restart", SimulatedBigPanda.Comment(Assert.Single(app.BigPanda.Resolves(resolved))), StringComparison.Ordinal);
        // The next process recognises it as the same delivery.
        await app.Bridge.PostWebhooksAsync(IncidentWebhook.New(kept));
        await app.Queues.WaitUntilDrainedAsync();
        Assert.Single((await app.Bridge.GetAlertAsync(kept)).Timeline);
    }
}
