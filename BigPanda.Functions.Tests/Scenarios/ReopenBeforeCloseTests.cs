using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A resolve cannot be undone, so whether a close is still wanted is checked again directly before it is sent.</summary>
public sealed class ReopenBeforeCloseTests(StoppedLimiterFixture app) : IClassFixture<StoppedLimiterFixture>, IAsyncLifetime
{
    private const int Resolves = 60;

    private readonly BridgeClient _bridge = app.Bridge;

    /// <summary>Far enough for one call, whatever was called before.</summary>
    public Task InitializeAsync()
    {
        app.LimiterClock.Advance(TimeSpan.FromSeconds(2));
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        app.BigPanda.Recover();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Of_sixty_closes_that_wait_for_their_turn_none_is_sent_whose_incident_has_reopened()
    {
        // The closing webhook of the one that is sent would hide a reopen.
        await app.BigPanda.CloseAfterAsync(TimeSpan.FromMinutes(5));
        var ids = Enumerable.Range(0, Resolves).Select(i => IncidentWebhook.NewId($"reopen-{i}")).ToArray();
        await _bridge.PostWebhooksAsync(ids.Select(id => IncidentWebhook.New(id)));
        await Task.WhenAll(ids.Select(id => _bridge.WaitForAlertAsync(id, alert => alert.Fires)));

        await Task.WhenAll(ids.Select(async id => (await _bridge.ResolveAsync(id)).Expect(202)));
        await Eventually.Async(() => Task.FromResult(ids.Count(IsClosed)), closed => closed == 1, "the first close is sent");
        var waiting = ids.Where(id => !IsClosed(id)).ToList();
        await Task.WhenAll(waiting.Select(ReopenAsync));
        app.LimiterClock.Advance(TimeSpan.FromSeconds(2));
        await app.Queues.WaitUntilIdleAsync();

        Assert.Equal(Resolves - 1, waiting.Count);
        Assert.DoesNotContain(waiting, IsClosed);
        foreach (var id in waiting) Assert.Equal((true, 2, "inSync"), await StateAsync(id));
    }

    [Fact]
    public async Task A_close_whose_incident_reopens_during_a_retry_is_dropped()
    {
        app.BigPanda.FailResolve(500);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.ResolveAsync(id)).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.LastError is not null);

        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });
        // A retry that was due before the reopen was stored waits for turns, to ask and to close; a turn ends with its lease.
        await Eventually.Async(CountWithTurnsAsync, left => left == 0, "the queues are empty");

        Assert.Equal(500, Assert.Single(app.BigPanda.Resolves(id)).Status);

        Task<int> CountWithTurnsAsync()
        {
            app.LimiterClock.Advance(TimeSpan.FromMilliseconds(100));
            return app.Queues.CountWaitingAsync();
        }
    }

    private bool IsClosed(string id) => app.BigPanda.Resolves(id).Count > 0;

    private async Task ReopenAsync(string id)
    {
        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });
    }

    private async Task<(bool, int, string)> StateAsync(string id)
    {
        var alert = await _bridge.GetAlertAsync(id);
        return (alert.Fires, alert.Episode, alert.BigPanda.State);
    }
}

/// <summary>The tables are down when a close is due for its check, and the webhooks that would explain it wait in the queue.</summary>
public sealed class OutageBeforeCheckTests(StorageOutageFixture app) : IClassFixture<StorageOutageFixture>
{
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task A_check_that_overtakes_the_waiting_webhooks_closes_nothing_that_has_reopened()
    {
        await app.BigPanda.CloseAfterAsync(TimeSpan.Zero);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        app.BigPanda.Fail(new Fault(Fault.Webhook, DelayMs: 5_000));
        (await _bridge.ResolveAsync(id)).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.Entries("close").Any());

        await app.Host.Azurite.SuspendAsync(CancellationToken.None);
        await app.BigPanda.WaitForWebhooksAsync(id, 1);
        await app.WaitForOutageAsync(id);
        await app.BigPanda.PlayAsync(id, "reopen");
        await app.SkipWaitAsync(id);
        await app.WaitForOutageAsync(id, "again-");
        await app.Host.Azurite.ResumeAsync(CancellationToken.None);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });
        await app.Queues.WaitUntilDrainedAsync();

        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Equal((true, 2, "inSync"), (alert.Fires, alert.Episode, alert.BigPanda.State));
        alert = await _bridge.GetAlertAsync(id);
        Assert.Equal((true, 2), (alert.Fires, alert.Episode));
    }
}
