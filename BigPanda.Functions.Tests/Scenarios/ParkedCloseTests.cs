using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Connection;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>The key or a setting is wrong: the close is parked, and no attempt is made until that is fixed.</summary>
public sealed class ParkedCloseTests(AppFixture app) : IClassFixture<AppFixture>, IDisposable
{
    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task A_refused_key_parks_the_close_after_one_call_and_a_good_one_releases_it()
    {
        const int status = 401;
        app.BigPanda.RefuseKey(status);
        var id = await _bridge.FireAndResolveAsync();
        var parked = await ParkedAsync(id);
        await ReleaseAsync();

        Assert.Equal("resolved", parked.Status);
        Assert.Contains("BigPanda rejected the API key", parked.BigPanda.LastError, StringComparison.Ordinal);
        Assert.Equal(status, Assert.Single(app.BigPanda.Resolves(id)).Status);
        Assert.Equal("parked", (await _bridge.GetAlertAsync(id)).BigPanda.State);

        app.BigPanda.Recover();
        await ReleaseAsync();
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([status, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
    }

    [Fact]
    public async Task A_role_that_lacks_a_permission_is_tried_again_after_an_hour_and_not_every_minute()
    {
        app.BigPanda.FailResolve(403);
        var id = await _bridge.FireAndResolveAsync();
        var parked = await ParkedAsync(id);
        await ReleaseAsync();
        await ReleaseAsync();

        Assert.Contains("role lacks the permission Incident Actions", parked.BigPanda.LastError, StringComparison.Ordinal);
        Assert.Equal(403, Assert.Single(app.BigPanda.Resolves(id)).Status);
        Assert.Equal(parked.Timeline.Count, (await _bridge.GetAlertAsync(id)).Timeline.Count);

        Assert.DoesNotContain(await ListAsync(TimeProvider.System.GetUtcNow().AddMinutes(59)), waits => waits.Action.IncidentId == id);
        await Release.SendAsync(Target, await ListAsync(TimeProvider.System.GetUtcNow().AddMinutes(61)), CancellationToken.None);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([403, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
    }

    [Fact]
    public async Task A_role_that_lacks_a_permission_is_tried_again_when_a_key_is_connected()
    {
        app.BigPanda.FailResolve(403);
        var id = await _bridge.FireAndResolveAsync();
        await ParkedAsync(id);

        await app.Host.Services.GetRequiredService<ConnectionService>().FinishAsync(CancellationToken.None);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([403, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
    }

    [Fact]
    public async Task A_release_sends_a_bounded_number_and_resting_actions_hold_up_no_other()
    {
        var parked = app.Host.Services.GetRequiredService<ParkedActions>();
        var actions = Enumerable.Range(0, 402)
            .Select(n => new AddCommentAction(IncidentWebhook.NewId($"many-{n:000}"), $"comment-{n}", "env-1", "looking").ToAction()).ToList();
        foreach (var (n, action) in actions.Index())
        {
            var parking = new Parking(DateTimeOffset.UnixEpoch, n < 200 ? TimeSpan.FromDays(1) : TimeSpan.Zero);
            await parked.AddAsync(new ActionDelivery(action, 1), parking, CancellationToken.None);
        }

        var first = await ListAsync(DateTimeOffset.UnixEpoch);

        Assert.Equal(200, first.Count);
        Assert.DoesNotContain(first, waits => actions.IndexOf(waits.Action) < 200);
        await foreach (var waits in parked.ListAsync(Destination.BigPanda, CancellationToken.None)) await parked.RemoveAsync(waits, CancellationToken.None);
    }

    [Fact]
    public async Task A_parked_close_is_dropped_when_the_incident_has_reopened()
    {
        app.BigPanda.RefuseKey(401);
        var id = await _bridge.FireAndResolveAsync();
        await ParkedAsync(id);
        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });

        app.BigPanda.Recover();
        await ReleaseAsync();

        Assert.Equal(401, Assert.Single(app.BigPanda.Resolves(id)).Status);
        var alert = await _bridge.GetAlertAsync(id);
        Assert.Equal((true, 2, "inSync"), (alert.Fires, alert.Episode, alert.BigPanda.State));
    }

    [Fact]
    public async Task A_parked_close_that_BigPanda_carried_out_by_itself_is_not_asked_for_again()
    {
        app.BigPanda.RefuseKey(401);
        var id = await _bridge.FireAndResolveAsync();
        await ParkedAsync(id);
        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        app.BigPanda.Recover();
        await ReleaseAsync();

        Assert.Single(app.BigPanda.Resolves(id));
        Assert.True((await _bridge.GetAlertAsync(id)).IsSettled);
    }

    [Fact]
    public async Task Resolving_what_is_parked_is_answered_202_and_changes_nothing()
    {
        app.BigPanda.RefuseKey(401);
        var id = await _bridge.FireAndResolveAsync();
        await ParkedAsync(id);

        (await _bridge.ResolveAsync(id, "again", "bob")).Expect(202);
        await app.Queues.WaitUntilIdleAsync();

        var alert = await _bridge.GetAlertAsync(id);
        Assert.Equal(("parked", "ada"), (alert.BigPanda.State, alert.ResolvedBy?.Actor));
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Fact]
    public async Task An_action_parked_again_during_its_release_stays_parked()
    {
        app.BigPanda.RefuseKey(401);
        var parked = app.Host.Services.GetRequiredService<ParkedActions>();
        var action = new CloseIncidentAction(IncidentWebhook.NewId(), "1", "env-1", "fixed").ToAction();
        await parked.AddAsync(new ActionDelivery(action, 1), new Parking(DateTimeOffset.UnixEpoch, TimeSpan.Zero), CancellationToken.None);
        var listed = Assert.Single(await parked.ListAsync(Destination.BigPanda, CancellationToken.None).ToListAsync(), waits => waits.Action == action);
        await parked.AddAsync(new ActionDelivery(action, 1), new Parking(DateTimeOffset.UnixEpoch.AddSeconds(1), TimeSpan.Zero), CancellationToken.None);

        await parked.RemoveAsync(listed, CancellationToken.None);

        var again = Assert.Single(await parked.ListAsync(Destination.BigPanda, CancellationToken.None).ToListAsync(), waits => waits.Action == action);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1), again.ParkedAt);
        await parked.RemoveAsync(again, CancellationToken.None);
        Assert.DoesNotContain(await parked.ListAsync(Destination.BigPanda, CancellationToken.None).ToListAsync(), waits => waits.Action == action);
    }

    [Fact]
    public async Task An_incident_without_an_environment_parks_its_close_naming_the_setting_and_waits_quietly()
    {
        var id = await _bridge.FireAndResolveAsync(environment: null);
        var parked = await ParkedAsync(id);

        await ReleaseAsync();
        await ReleaseAsync();

        Assert.Contains("BigPanda__DefaultEnvironmentId", parked.BigPanda.LastError, StringComparison.Ordinal);
        Assert.Empty(app.BigPanda.Resolves(id));
        var waiting = await _bridge.GetAlertAsync(id);
        Assert.Equal(("parked", parked.Timeline.Count), (waiting.BigPanda.State, waiting.Timeline.Count));
    }

    private ParkedRelease Release => app.Host.Services.GetRequiredService<ParkedRelease>();

    private BigPandaTarget Target => app.Host.Services.GetRequiredService<BigPandaTarget>();

    private Task<IReadOnlyList<ParkedAction>> ListAsync(DateTimeOffset due) => Release.ListAsync(Target, due, CancellationToken.None);

    private async Task<SeenAlert> ParkedAsync(string id)
    {
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.State == "parked");
        await app.Queues.WaitUntilIdleAsync();
        return alert;
    }

    private async Task ReleaseAsync()
    {
        await app.Host.InvokeTimerAsync("ReleaseParkedActions");
        await app.Queues.WaitUntilIdleAsync();
    }
}
