using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>BigPanda fails; the close succeeds later, or the alert says why it cannot.</summary>
public sealed class CloseRetryTests(RetryingFixture app) : IClassFixture<RetryingFixture>, IDisposable
{
    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task A_close_is_retried_after_its_Retry_After()
    {
        app.BigPanda.FailResolve(429, retryAfter: "4");
        var id = await _bridge.FireAndResolveAsync();
        var settled = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([429, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
        Assert.Contains(settled.Entries("close"), entry => entry.Reason.StartsWith("attempt 1 failed and will be retried: 429 ", StringComparison.Ordinal));
        Assert.Contains(settled.Entries("close"), entry => entry.Summary?.EndsWith("attempt 2", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Two_failures_and_a_lost_connection_later_the_incident_is_closed()
    {
        app.BigPanda.FailResolve(500, retryAfter: "120");
        app.BigPanda.Fail(new Fault(FaultMatch.Resolve, Reset: true));
        var id = await _bridge.FireAndResolveAsync();

        await app.SkipWaitAsync(id);
        await app.BigPanda.WaitForResolvesAsync(id, 2);
        await app.SkipWaitAsync(id);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([500, 0, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_not_waited_for_and_asked_for_again()
    {
        app.BigPanda.Fail(new Fault(FaultMatch.Resolve, DelayMs: 5500, Status: 503));
        var id = await _bridge.FireAndResolveAsync();

        await app.SkipWaitAsync(id);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Contains(alert.Entries("close"), entry => entry.Reason.Contains("no response within 5 seconds", StringComparison.Ordinal));
        // The first is logged when BigPanda ends it.
        Assert.Equal(2, (await app.BigPanda.WaitForResolvesAsync(id, 2)).Count);
    }

    [Fact]
    public async Task Too_many_requests_without_a_time_are_tried_again_on_the_schedule()
    {
        app.BigPanda.FailResolve(429);
        var id = await _bridge.FireAndResolveAsync();

        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([429, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
    }

    [Fact]
    public async Task A_Retry_After_of_hours_is_kept_and_shown()
    {
        // Not 429, which would pause all calls of the other tests' closes as well.
        app.BigPanda.FailResolve(503, retryAfter: "7200.5");
        var id = await _bridge.FireAndResolveAsync();

        var waiting = await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.NextAttemptAt is not null);

        Assert.Equal(("closing", 1), (waiting.BigPanda.State, waiting.BigPanda.Attempts));
        Assert.Contains("503", waiting.BigPanda.LastError, StringComparison.Ordinal);
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Theory]
    [InlineData(302, false)]
    [InlineData(200, true)]
    [InlineData(202, true)]
    [InlineData(404, true)]
    [InlineData(409, true)]
    public async Task What_a_gateway_answers_in_BigPandas_place_is_an_outage(int status, bool isPage)
    {
        app.BigPanda.Fail(new Fault(FaultMatch.Resolve, Status: status, Html: isPage, RetryAfter: "120"));
        var id = await _bridge.FireAndResolveAsync();

        await app.SkipWaitAsync(id);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal([status, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
        Assert.Contains(alert.Entries("close"), entry => entry.Reason.StartsWith($"attempt 1 failed and will be retried: {status} ", StringComparison.Ordinal));
        Assert.Null(alert.BigPanda.NextAttemptAt);
    }

    [Fact]
    public async Task Closed_already_is_success()
    {
        app.BigPanda.FailResolve(409);
        var id = await _bridge.FireAndResolveAsync();

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal(409, Assert.Single(app.BigPanda.Resolves(id)).Status);
        Assert.Equal((1, "api"), (alert.Episode, alert.ResolvedBy?.Via));
    }

    [Fact]
    public async Task Unknown_to_BigPanda_the_close_fails_naming_the_likely_cause_and_can_be_tried_again()
    {
        app.BigPanda.FailResolve(404);
        var id = await _bridge.FireAndResolveAsync();
        var failed = await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.State == "failed");
        await app.Queues.WaitUntilIdleAsync();
        var deadLetter = await app.Queues.PeekDeadLetterAsync(Queues.BigPandaActions, id);

        Assert.Equal("resolved", failed.Status);
        Assert.Matches("region or environment.*404", failed.BigPanda.LastError);
        Assert.Equal(("ActionFailed", failed.BigPanda.LastError), (deadLetter.DeadLetterReason, deadLetter.DeadLetterErrorDescription));

        (await _bridge.ResolveAsync(id, "the region is right now", "bob")).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        var calls = app.BigPanda.Resolves(id);
        Assert.Equal([404, 202], calls.Select(call => call.Status));
        Assert.Contains("bob", SimulatedBigPanda.Comment(calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_without_an_environment_is_closed_in_the_default_one()
    {
        var id = await _bridge.FireAndResolveAsync(environment: null);

        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.StartsWith(
            $"/resources/v2.0/environments/{RetryingFixture.DefaultEnvironment}/", Assert.Single(app.BigPanda.Resolves(id)).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task An_incident_of_several_environments_is_closed_in_the_one_that_takes_the_close(int status)
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id), IncidentWebhook.Updated(id, 10) with { EnvironmentId = "env-2", EnvironmentName = "Second" });
        await _bridge.WaitForAlertAsync(id, alert => alert.Entries("incident#updated").Any());
        app.BigPanda.FailResolve(status);

        (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        var calls = app.BigPanda.Resolves(id);
        Assert.Equal([status, 202], calls.Select(call => call.Status));
        Assert.Equal(["env-1", "env-2"], calls.Select(call => call.Path.Split('/')[4]).Order(StringComparer.Ordinal));
    }
}
