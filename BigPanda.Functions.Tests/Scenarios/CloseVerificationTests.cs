using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>BigPanda's 202 does not mean closed: the closing webhook may get lost, and so may the close.</summary>
public sealed class CloseVerificationTests(ImpatientFixture app) : IClassFixture<ImpatientFixture>, IDisposable
{
    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task A_close_whose_webhook_is_lost_is_settled_by_asking_BigPanda()
    {
        await app.BigPanda.CloseAfterAsync(TimeSpan.Zero);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        app.BigPanda.Fail(new Fault(Fault.Webhook, Reset: true));

        (await _bridge.ResolveAsync(id)).Expect(202);
        await app.BigPanda.WaitForLostWebhooksAsync(id, 1);
        await app.SkipWaitAsync(id);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Empty(alert.Entries("incident#closed"));
        Assert.Equal(("applied", "BigPanda's API shows the incident as closed"), Observed(alert));
    }

    [Fact]
    public async Task A_close_that_BigPanda_took_and_did_not_carry_out_is_sent_again()
    {
        await app.BigPanda.CloseAfterAsync(TimeSpan.FromMinutes(5));
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));

        (await _bridge.ResolveAsync(id)).Expect(202);
        await app.SkipWaitAsync(id);
        var calls = await app.BigPanda.WaitForResolvesAsync(id, 2);
        var waiting = await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.Attempts >= 2);

        Assert.All(calls, call => Assert.Equal(202, call.Status));
        Assert.Equal(("resolved", "closing"), (waiting.Status, waiting.BigPanda.State));
        Assert.Contains("with no reopen since: the close is sent again", Observed(waiting).Reason, StringComparison.Ordinal);
        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 60));
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_incident_that_was_closed_and_has_reopened_since_fires_again_and_is_not_closed_again(bool isUpdated)
    {
        var id = await ClosedUnseenAsync();
        app.BigPanda.Fail(new Fault(Fault.Webhook, Reset: true));
        await app.BigPanda.PlayAsync(id, "reopen");
        // Without event types an update does not show that it is a reopen.
        if (isUpdated) await _bridge.PostWebhooksAsync(new IncidentWebhook(id) { Second = 3700, Events = [] });

        await app.SkipWaitAsync(id);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Fires);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Equal((2, "inSync"), (alert.Episode, alert.BigPanda.State));
        Assert.Contains("reopened in BigPanda by simulator", Observed(alert).Reason, StringComparison.Ordinal);
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(404, null)]
    [InlineData(200, "{}")]
    [InlineData(200, "<html>Sign in</html>")]
    [InlineData(200, """[{"type":"incident_resolved_api","timestamp":"soon"}]""")]
    public async Task While_the_activities_cannot_be_read_nothing_is_decided(int status, string? body)
    {
        var id = await ClosedUnseenAsync();
        app.BigPanda.Fail(new Fault(Fault.Webhook, Reset: true));
        app.BigPanda.Fail(new Fault(FaultMatch.Activities, Status: status, Body: body, Times: 0));
        await app.BigPanda.PlayAsync(id, "reopen");

        await app.SkipWaitAsync(id);
        var waiting = await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.LastError is not null);
        app.BigPanda.Recover();
        app.SkipRetries();
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Fires);

        Assert.Equal(("resolved", "closing"), (waiting.Status, waiting.BigPanda.State));
        Assert.Contains("activities", waiting.BigPanda.LastError, StringComparison.Ordinal);
        Assert.Equal(2, alert.Episode);
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Fact]
    public async Task An_incident_that_is_gone_after_its_close_was_taken_is_closed()
    {
        var id = await ClosedUnseenAsync();
        app.BigPanda.Fail(new Fault(FaultMatch.Incidents, Status: 404));

        await app.SkipWaitAsync(id);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Contains(alert.Entries("close"), entry => entry.Reason.Contains("deleted or merged into another", StringComparison.Ordinal));
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Fact]
    public async Task A_check_that_the_key_may_not_make_waits_as_a_check_and_closes_nothing_when_it_is_released()
    {
        var id = await ClosedUnseenAsync();
        app.BigPanda.Fail(new Fault(FaultMatch.Incidents, Status: 401));
        await app.SkipWaitAsync(id);
        await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.State == "parked");
        await app.Queues.WaitUntilIdleAsync();

        await app.Host.InvokeTimerAsync("ReleaseParkedActions");
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Single(app.BigPanda.Resolves(id));
    }

    /// <summary>Resolved here, and closed in BigPanda, whose closing webhook is lost.</summary>
    private async Task<string> ClosedUnseenAsync([System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        var id = IncidentWebhook.NewId(test);
        await app.BigPanda.CloseAfterAsync(TimeSpan.Zero);
        await _bridge.FireAsync(IncidentWebhook.New(id));
        app.BigPanda.Fail(new Fault(Fault.Webhook, Reset: true));
        (await _bridge.ResolveAsync(id)).Expect(202);
        await app.BigPanda.WaitForResolvesAsync(id, 1);
        await app.BigPanda.WaitForLostWebhooksAsync(id, 1);
        return id;
    }

    private static (string Verdict, string Reason) Observed(SeenAlert alert) =>
        Assert.Single(alert.Entries("observed")) is var entry ? (entry.Verdict, entry.Reason) : default;
}
