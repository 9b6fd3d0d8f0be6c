using System.Text.Json;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Retrying;
using BigPanda.Functions.DeadLetters;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A person tries failed actions again, over HTTP.</summary>
public sealed class RetryTests(RetryingFixture app) : IClassFixture<RetryingFixture>, IDisposable
{
    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task A_failed_close_is_made_again_with_its_comment_and_the_timeline_and_the_trail_say_by_whom()
    {
        var (id, action) = await FailCloseAsync();
        app.BigPanda.Recover();

        var accepted = (await RetryAsync(id, action, """{"actor":"grace"}""")).Expect(202).Json;
        var settled = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal(id, Text(accepted, "incidentId"));
        var resolves = app.BigPanda.Resolves(id);
        Assert.Equal([404, 202], resolves.Select(call => call.Status));
        Assert.Equal(resolves[0].Body, resolves[1].Body);
        var entry = Assert.Single(settled.Entries("close"), one => one.Reason == "grace tries it again");
        Assert.Equal(("applied", "grace"), (entry.Verdict, entry.Actor));
        Assert.Empty(await app.Queues.PeekDeadLettersAsync(Queues.BigPandaActions, id));
        var audit = (await _bridge.GetAsync($"/api/audit?action=alert.retry&target={id}")).Expect(200).Json.GetProperty("items")[0];
        Assert.Equal(("grace", action, "ok"), (Text(audit, "actor"), Text(audit, "detail"), Text(audit, "result")));

        Assert.Equal("action-not-failed", Code(await RetryAsync(id, action)));
        await app.Queues.WaitUntilIdleAsync();
        Assert.Equal(2, app.BigPanda.Resolves(id).Count);
    }

    [Fact]
    public async Task A_failed_comment_is_sent_again_without_a_body()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        app.BigPanda.Fail(new LocalHost.Simulator.Fault(LocalHost.Simulator.BigPanda.FaultMatch.Comments, Status: 400, Body: "{}"));
        (await _bridge.CommentAsync(id, "it is the backup", "ada")).Expect(202);
        var action = await FindFailedAsync(id, "comment");
        app.BigPanda.Recover();

        (await RetryAsync(id, action, "")).Expect(202);

        await _bridge.WaitForAlertAsync(id, alert => alert.Entries("comment").Any(entry => entry.Reason == "the comment is in BigPanda"));
        Assert.Contains((await _bridge.GetAlertAsync(id)).Entries("comment"), entry => entry.Reason == "an API caller tries it again");
    }

    [Fact]
    public async Task An_incident_that_has_fired_again_is_not_closed_and_its_dead_letter_stays()
    {
        var (id, action) = await FailCloseAsync();
        app.BigPanda.Recover();
        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 4000));
        await _bridge.WaitForAlertAsync(id, alert => alert.Fires);

        var refused = (await RetryAsync(id, action)).ExpectProblem(409);

        Assert.Equal("action-overtaken", Text(refused, "code"));
        Assert.Contains("has fired again, episode 2", Text(refused, "detail"), StringComparison.Ordinal);
        await app.Queues.WaitUntilIdleAsync();
        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Single(await app.Queues.PeekDeadLettersAsync(Queues.BigPandaActions, id));
    }

    [Fact]
    public async Task Of_requests_at_once_the_action_is_sent_once()
    {
        var (id, action) = await FailCloseAsync();
        app.BigPanda.Recover();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RetryAsync(id, action)));
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Single(answers, answer => answer.Status == 202);
        Assert.All(answers.Where(answer => answer.Status != 202), answer => Assert.Equal("action-not-failed", Code(answer)));
        Assert.Equal([404, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
    }

    /// <summary>The replay's report waits in the queue, and the dead letter is gone: as after a delete, until the alert shows the report.</summary>
    [Fact]
    public async Task A_request_behind_a_replay_waits_until_the_alert_shows_it()
    {
        var (id, action) = await FailCloseAsync();
        app.BigPanda.Recover();
        var time = new ManualTimeProvider();
        var waits = ActionRetry.Rereads[0];
        Task<RetryResult> second;
        using (app.Host.Bus.Faults.Hang(BusOperations.Receive, Queues.AlertEvents))
        {
            (await RetryAsync(id, action)).Expect(202);
            second = Create<ActionRetry>(time).RunAsync([id], action, null, CancellationToken.None);
            await time.WhenTimerIsSetAsync(waits);
        }

        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        time.Advance(waits);

        Assert.Equal("action-not-failed", Assert.IsType<RetryResult.Refused>(await second).Problem.Code);
        await app.Queues.WaitUntilIdleAsync();
        Assert.Equal([404, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
        Assert.Single((await _bridge.GetAlertAsync(id)).Entries("resolve"));
    }

    /// <summary>Between its reads and its check of what is still wanted.</summary>
    [Fact]
    public async Task A_request_that_another_overtakes_says_what_came_of_the_other()
    {
        var (id, action) = await FailCloseAsync();
        app.BigPanda.Recover();
        var reader = new OvertakenReader(
            app.Host.Services.GetServices<IDeadLetterReader>().Single(one => one.Queue == Queues.BigPandaActions),
            async () =>
            {
                (await RetryAsync(id, action)).Expect(202);
                await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
            });
        var reading = new DeadLetterReading([reader], app.Host.Services.GetRequiredService<MessageBodies>(), NullLogger<DeadLetterReading>.Instance);

        var refused = Assert.IsType<RetryResult.Refused>(await Create<ActionRetry>(reading).RunAsync([id], action, null, CancellationToken.None));

        Assert.Equal(("action-not-failed", "accepted"), (refused.Problem.Code, refused.State));
    }

    [Fact]
    public async Task A_failed_close_whose_dead_letter_was_deleted_is_resolved_again()
    {
        var (id, action) = await FailCloseAsync();
        await DeleteLettersAsync();
        app.BigPanda.Recover();

        (await RetryAsync(id, action, """{"actor":"grace"}""")).Expect(202);
        var settled = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Contains(settled.Entries("resolve"), entry => entry is { Reason: "the close is sent again", Actor: "grace" });
        Assert.Equal([404, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found_and_a_body_is_checked()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));

        Assert.Equal("alert-not-found", Text((await RetryAsync("none", "1")).ExpectProblem(404), "code"));
        Assert.Equal("action-not-found", Text((await RetryAsync(id, "1")).ExpectProblem(404), "code"));
        (await RetryAsync(id, "1", """{"actor":"a\n"}""")).ExpectProblem(400);
        (await RetryAsync(id, "1", """{"force":true}""")).ExpectProblem(400);
    }

    [Fact]
    public async Task While_the_broker_is_down_the_answer_is_503_and_nothing_is_sent()
    {
        var (id, action) = await FailCloseAsync();
        app.BigPanda.Recover();
        TextResponse answer;
        using (app.Host.Bus.Faults.Refuse(BusOperations.Send, ServiceBusFailureReason.ServiceCommunicationProblem)) answer = await RetryAsync(id, action);

        Assert.Equal("queues-unavailable", Text(answer.ExpectProblem(503), "code"));
        Assert.NotNull(answer.RetryAfter);
        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Equal("failed", (await _bridge.GetAlertAsync(id)).BigPanda.State);
    }

    private T Create<T>(object replacing) => ActivatorUtilities.CreateInstance<T>(app.Host.Services, replacing);

    private async Task<(string Id, string Action)> FailCloseAsync()
    {
        app.BigPanda.FailResolve(404);
        var id = await _bridge.FireAndResolveAsync();
        await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.State == "failed");
        return (id, await FindFailedAsync(id, "close"));
    }

    /// <returns>The id of the action of the kind, once it is a dead letter.</returns>
    private async Task<string> FindFailedAsync(string id, string kind)
    {
        await Eventually.Async(
            () => app.Queues.PeekDeadLettersAsync(Queues.BigPandaActions, id), letters => letters.Count == 1, $"the {kind} is a dead letter");
        await app.Queues.WaitUntilIdleAsync();
        var explained = (await _bridge.GetAsync($"{BridgeClient.AlertPath(id)}/explain")).Expect(200).Json;
        var actions = explained.GetProperty("steps").EnumerateArray().SelectMany(step => step.GetProperty("actions").EnumerateArray());
        return Text(Assert.Single(actions, action => (Text(action, "kind"), Text(action, "state")) == (kind, "failed")), "actionId");
    }

    private Task<TextResponse> RetryAsync(string id, string action, string body = "{}") =>
        _bridge.PostAsync($"{BridgeClient.AlertPath(id)}/actions/{Uri.EscapeDataString(action)}/retry", body);

    private async Task DeleteLettersAsync()
    {
        await using var receiver = app.Host.Bus.Client.CreateReceiver(Queues.BigPandaActions, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        foreach (var letter in await receiver.ReceiveMessagesAsync(100, TimeSpan.FromSeconds(5))) await receiver.CompleteMessageAsync(letter);
    }

    private static string Code(TextResponse answer) => Text(answer.ExpectProblem(409), "code");

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString() ?? "";

    /// <summary>Others act before it answers.</summary>
    private sealed class OvertakenReader(IDeadLetterReader reader, Func<Task> before) : IDeadLetterReader
    {
        public string Queue => reader.Queue;

        public string ReadKind(Delivery letter, ReadOnlyMemory<byte> body) => reader.ReadKind(letter, body);

        public async Task<ReplayForecast> ForecastAsync(Delivery letter, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            await before();
            return await reader.ForecastAsync(letter, body, cancellationToken);
        }
    }
}
