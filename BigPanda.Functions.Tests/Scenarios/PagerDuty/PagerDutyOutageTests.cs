using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.PagerDuty;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.Functions.Tests.Scenarios.PagerDuty;

/// <summary>One vendor is down, or its webhooks come as they like.</summary>
public sealed class PagerDutyOutageTests(PagerDutyFixture app) : IClassFixture<PagerDutyFixture>, IAsyncLifetime
{
    private readonly BridgeClient _bridge = app.Bridge;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        app.PagerDuty.Recover();
        app.BigPanda.Recover();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task While_PagerDuty_is_down_incidents_are_closed_in_BigPanda()
    {
        app.PagerDuty.Fail(new Fault(PagerDutyFaults.Events, Status: 503, Times: 0), new Fault(PagerDutyFaults.Rest, Status: 503, Times: 0));
        var id = await _bridge.FireAndResolveAsync();

        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        Assert.Empty(app.PagerDuty.Pages(id));
        // Its events would take the faults of the next test.
        app.PagerDuty.Recover();
        app.SkipRetries();
        await app.Queues.WaitUntilDrainedAsync();
    }

    [Fact]
    public async Task While_BigPanda_is_down_pages_are_opened_and_resolved()
    {
        foreach (var call in FaultMatch.All.Where(call => call != Fault.Webhook)) app.BigPanda.Fail(new Fault(call, Status: 503, Times: 0));
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        await app.PagerDuty.WaitForPageAsync(id);

        (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);

        await app.PagerDuty.WaitForPageAsync(id, status: IncidentStatus.Resolved);
        Assert.Equal("closing", (await _bridge.GetAlertAsync(id)).BigPanda.State);
    }

    [Theory]
    [InlineData(500, false, "120")]
    [InlineData(502, true, "120")]
    // It pauses all calls, by a clock that cannot be put forward.
    [InlineData(429, false, "1")]
    public async Task An_event_that_fails_is_sent_again(int status, bool html, string after)
    {
        app.PagerDuty.Fail(new Fault(PagerDutyFaults.Events, Status: status, Html: html, RetryAfter: after));
        var id = IncidentWebhook.NewId();

        await _bridge.FireAsync(IncidentWebhook.New(id));
        if (status != 429) await app.SkipWaitAsync(id, Queues.PagerDutyActions);

        await app.PagerDuty.WaitForPageAsync(id);
        // The page is there before the answer is recorded.
        var calls = await Eventually.Async(() => Task.FromResult(app.PagerDuty.Events(id)), calls => calls.Count == 2, "the second answer is recorded");
        Assert.Equal([status, 202], calls.Select(call => call.Status));
    }

    [Fact]
    public async Task An_event_whose_answer_was_lost_opens_one_page()
    {
        app.PagerDuty.Fail(new Fault(PagerDutyFaults.Events, LoseAnswer: true));
        var id = IncidentWebhook.NewId();

        await _bridge.FireAsync(IncidentWebhook.New(id));
        await app.SkipWaitAsync(id, Queues.PagerDutyActions);

        await app.PagerDuty.WaitForPageAsync(id);
        await _bridge.WaitForAlertAsync(id, alert => alert.Entries("page").Any(entry => entry.Verdict == "applied"));
        Assert.Single(app.PagerDuty.Pages(id));
    }

    [Fact]
    public async Task An_event_that_PagerDuty_refuses_is_a_dead_letter_with_its_message_and_opens_the_page_when_it_is_tried_again()
    {
        app.PagerDuty.Fail(new Fault(
            PagerDutyFaults.Events, Status: 400, Body: """{"status":"invalid event","message":"Event object is invalid","errors":["Invalid routing key"]}"""));
        var id = IncidentWebhook.NewId();

        await _bridge.FireAsync(IncidentWebhook.New(id));

        await Eventually.Async(
            () => app.Queues.PeekDeadLettersAsync(Queues.PagerDutyActions, id), letters => letters.Count == 1, "the page is a dead letter");
        var letter = await app.Queues.PeekDeadLetterAsync(Queues.PagerDutyActions, id);
        Assert.Contains("Invalid routing key", letter.DeadLetterErrorDescription, StringComparison.Ordinal);

        await app.Queues.WaitUntilIdleAsync();
        var path = BridgeClient.AlertPath(id);
        var page = (await _bridge.GetAsync(path)).Expect(200).Json.GetProperty("pagerDuty");
        Assert.Equal("failed", page.GetProperty("state").GetString());
        (await _bridge.PostAsync($"{path}/actions/page-{page.GetProperty("pageId").GetString()}/retry", """{"actor":"ada"}""")).Expect(202);

        await app.PagerDuty.WaitForPageAsync(id);
        await Eventually.Async(
            async () => (await _bridge.GetAsync(path)).Json.GetProperty("pagerDuty").GetProperty("state").GetString(), state => state == "open",
            "the alert shows the page as open");
    }

    [Fact]
    public async Task Repeated_and_reordered_webhooks_end_as_one_resolve()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        var page = await app.PagerDuty.WaitForPageAsync(id);
        await app.PagerDuty.SettleAsync();
        app.PagerDuty.Fail(new Fault(Fault.Webhook, Duplicate: 3), new Fault(Fault.Webhook, Reorder: true, Times: 2));

        await app.PagerDuty.ActAsync(page.Id, "annotate", new { by = "Grace", note = "looking into it" });
        await app.PagerDuty.SettleAsync();
        await app.PagerDuty.ActAsync(page.Id, "acknowledge");
        await app.PagerDuty.ActAsync(page.Id, "resolve");

        var resolved = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled && alert.Entries("page-acknowledged").Any());
        await app.Queues.WaitUntilIdleAsync();
        Assert.False(resolved.Acknowledged);
        Assert.Equal("Grace", resolved.ResolvedBy?.Actor);
        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Single(
            app.BigPanda.Requests, call => call.Path.EndsWith($"/incidents/{id}/comments", StringComparison.Ordinal) && call.Status == 204);
    }

    [Fact]
    public async Task A_webhook_that_the_bridge_cannot_store_comes_again()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        var page = await app.PagerDuty.WaitForPageAsync(id);
        await app.PagerDuty.SettleAsync();
        app.PagerDuty.Fail(new Fault(Fault.Webhook, DelayMs: 500));

        await app.PagerDuty.ActAsync(page.Id, "resolve");

        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
    }
}
