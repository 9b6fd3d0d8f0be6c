using System.Text.Json;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>Dead letters of the whole bridge, listed and replayed over HTTP.</summary>
public sealed class DeadLetterTests(RetryingFixture app) : IClassFixture<RetryingFixture>, IDisposable
{
    private readonly BridgeClient _bridge = app.Bridge;

    public void Dispose() => app.BigPanda.Recover();

    [Fact]
    public async Task A_dead_letter_is_listed_with_its_reason_times_attempts_incident_and_a_redacted_body()
    {
        var id = IncidentWebhook.NewId();
        var message = Message(Queues.AlertEvents, id, "telegram", """{"host":"db-1","app_key":"HIDDEN"}""");
        await app.Queues.SendAsync(Queues.AlertEvents, message);
        await app.Queues.WaitUntilIdleAsync();

        var item = await FindAsync(Queues.AlertEvents, id);

        Assert.Equal(
            ("MessageUnreadable", "Unknown subject 'telegram'.", id, message.MessageId, 1, 0, """{"host":"db-1","app_key":"***"}"""),
            (Text(item, "reason"), Text(item, "error"), Text(item, "incidentId"), Text(item, "originalId"), item.GetProperty("attempts").GetInt32(),
                item.GetProperty("replays").GetInt32(), Text(item, "body")));
        Assert.Equal("Unknown subject 'telegram'.", Text(item, "problem"));
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero), item.GetProperty("firstAt").GetDateTimeOffset());
        Assert.InRange(TimeProvider.System.GetUtcNow() - item.GetProperty("lastAt").GetDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromMinutes(5));

        var kept = await ReplayAsync(Queues.AlertEvents, [Text(item, "id")]);
        Assert.Equal(("kept", "Unknown subject 'telegram'."), (Text(kept, "outcome"), Text(kept, "detail")));
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        var ids = Enumerable.Range(0, 3).Select(i => IncidentWebhook.NewId($"page-{i}")).ToList();
        foreach (var id in ids) await app.Queues.SendAsync(Queues.BigPandaActions, Message(Queues.BigPandaActions, id, "telegram", "{}"));
        await app.Queues.WaitUntilIdleAsync();

        List<string> seen = [];
        for (string? next = ""; next is not null;)
        {
            var page = (await _bridge.GetAsync($"/api/dead-letters?queue=bigpanda-actions&limit=1&continuation={next}")).Expect(200).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => Text(item, "incidentId")));
            next = page.GetProperty("continuation").GetString();
        }

        Assert.Equal(ids, seen.Intersect(ids));
        Assert.Equal(app.Queues.CountDeadLetters(Queues.BigPandaActions), seen.Count);
    }

    [Fact]
    public async Task An_old_firing_that_is_replayed_does_not_open_a_resolved_alert_again()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id), IncidentWebhook.Closed(id, 60));
        await _bridge.WaitForAlertAsync(id, alert => !alert.Fires && alert.Entries("incident#closed").Any());
        await ExpireAsync(Queues.AlertEvents, Delivery(IncidentWebhook.Reopened(id, 30)));
        var letter = Text(await FindAsync(Queues.AlertEvents, id), "id");

        var dry = await ReplayAsync(Queues.AlertEvents, [letter], dryRun: true);
        var before = await _bridge.GetAlertAsync(id);
        var done = await ReplayAsync(Queues.AlertEvents, [letter]);
        var after = await _bridge.WaitForAlertAsync(id, alert => alert.Timeline.Count > before.Timeline.Count);

        Assert.Equal(("wouldSend", "sent"), (Text(dry, "outcome"), Text(done, "outcome")));
        Assert.Equal(Text(dry, "detail"), Text(done, "detail"));
        Assert.StartsWith("stale: ", Text(done, "detail"), StringComparison.Ordinal);
        Assert.Equal(("resolved", "stale"), (after.Status, after.Timeline[^1].Verdict));
        Assert.Empty(await app.Queues.PeekDeadLettersAsync(Queues.AlertEvents, id));
    }

    [Fact]
    public async Task An_event_without_its_alert_stays_until_the_alert_is_there()
    {
        var id = IncidentWebhook.NewId();
        var order = $$"""{"IncidentId":"{{id}}","Via":"api","Actor":"ada","Comment":"c","RequestedAt":"2026-11-01T10:00:00Z","MessageId":"m-{{id}}"}""";
        await app.Queues.SendAsync(Queues.AlertEvents, Message(Queues.AlertEvents, id, "comment", order));
        await app.Queues.WaitUntilIdleAsync();
        var letter = Text(await FindAsync(Queues.AlertEvents, id), "id");

        var kept = await ReplayAsync(Queues.AlertEvents, [letter]);
        await _bridge.FireAsync(IncidentWebhook.New(id));
        var sent = await ReplayAsync(Queues.AlertEvents, [letter]);
        await _bridge.WaitForAlertAsync(id, alert => alert.Timeline.Any(entry => entry.Comment == "c"));

        Assert.Equal(("kept", "sent"), (Text(kept, "outcome"), Text(sent, "outcome")));
        Assert.Contains("has no alert", Text(kept, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_close_that_failed_and_is_still_wanted_is_made_on_its_whole_schedule()
    {
        app.BigPanda.FailResolve(404);
        var id = await _bridge.FireAndResolveAsync();
        await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.State == "failed");
        await app.Queues.WaitUntilIdleAsync();
        var letter = await FindAsync(Queues.BigPandaActions, id);
        app.BigPanda.FailResolve(503);

        var dry = await ReplayAsync(Queues.BigPandaActions, [Text(letter, "id")], dryRun: true);
        var sent = await ReplayAsync(Queues.BigPandaActions, [Text(letter, "id")]);
        var settled = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal(("close", "wouldSend", "sent"), (Text(letter, "kind"), Text(dry, "outcome"), Text(sent, "outcome")));
        Assert.Equal([404, 503, 202], app.BigPanda.Resolves(id).Select(call => call.Status));
        Assert.Contains(settled.Entries("close"), entry => entry.Reason.StartsWith("attempt 2 failed and will be retried: 503", StringComparison.Ordinal));
        Assert.Empty(await app.Queues.PeekDeadLettersAsync(Queues.BigPandaActions, id));
    }

    [Fact]
    public async Task A_close_whose_alert_has_fired_again_is_dropped_with_the_reason()
    {
        app.BigPanda.FailResolve(404);
        var id = await _bridge.FireAndResolveAsync();
        await _bridge.WaitForAlertAsync(id, alert => alert.BigPanda.State == "failed");
        await app.Queues.WaitUntilIdleAsync();
        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 4000));
        await _bridge.WaitForAlertAsync(id, alert => alert.Fires);
        var letter = Text(await FindAsync(Queues.BigPandaActions, id), "id");

        var dry = await ReplayAsync(Queues.BigPandaActions, [letter], dryRun: true);
        var dropped = await ReplayAsync(Queues.BigPandaActions, [letter]);

        Assert.Equal(("wouldDrop", "dropped"), (Text(dry, "outcome"), Text(dropped, "outcome")));
        Assert.Contains("has fired again, episode 2", Text(dropped, "detail"), StringComparison.Ordinal);
        await app.Queues.WaitUntilIdleAsync();
        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Empty(await app.Queues.PeekDeadLettersAsync(Queues.BigPandaActions, id));
    }

    /// <summary>Two messages of one resolve, as a replay that died and one ten minutes later leave them.</summary>
    [Fact]
    public async Task A_second_copy_of_a_replay_changes_nothing()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        await ExpireAsync(Queues.AlertEvents, Delivery(IncidentWebhook.Updated(id, 20)));
        await ReplayAsync(Queues.AlertEvents, [Text(await FindAsync(Queues.AlertEvents, id), "id")]);
        var once = await _bridge.WaitForAlertAsync(id, alert => alert.Entries("incident#updated").Any());
        await app.Queues.WaitUntilIdleAsync();

        var copy = Delivery(IncidentWebhook.Updated(id, 20));
        copy.ApplicationProperties[MessageProperties.Repeated] = true;
        await app.Queues.SendAsync(Queues.AlertEvents, copy);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Equal(once.Timeline.Count, (await _bridge.GetAlertAsync(id)).Timeline.Count);
    }

    [Fact]
    public async Task A_monitors_alert_that_BigPanda_refused_is_sent_again()
    {
        var monitor = await MonitorClient.CreateAsync(app, "bigpanda");
        app.BigPanda.Fail(new Fault(FaultMatch.Alerts, Status: 400, Body: """{"errors":["not now"]}"""));
        (await monitor.PostAsync("""{"status":"critical","host":"replayed","check":"disk"}""")).Expect(202);
        await Eventually.Async(
            () => app.Queues.PeekDeadLettersAsync(Queues.BigPandaAlerts, "replayed|disk"), letters => letters.Count == 1, "the alert is a dead letter");
        var letter = await FindAsync(Queues.BigPandaAlerts, "replayed|disk", "sessionId");

        var sent = await ReplayAsync(Queues.BigPandaAlerts, [Text(letter, "id")]);

        Assert.Equal((monitor.Id, "critical", "sent"), (Text(letter, "sourceId"), Text(letter, "kind"), Text(sent, "outcome")));
        Assert.Equal(JsonValueKind.Null, letter.GetProperty("incidentId").ValueKind);
        Assert.Equal("replayed", Assert.Single(await monitor.WaitForAlertsAsync(1)).GetProperty("host").GetString());
    }

    [Theory]
    [InlineData(Queues.PagerDutyEvents, "pagerduty-event")]
    [InlineData(Queues.PagerDutyActions, "action")]
    public async Task Dead_letters_of_PagerDutys_queues_are_listed_and_what_is_wrong_with_them_is_said(string queue, string subject)
    {
        var id = IncidentWebhook.NewId(queue);
        await app.Queues.SendAsync(queue, Message(queue, id, subject, """{"a":1}"""));
        await app.Queues.WaitUntilIdleAsync();
        var letter = await FindAsync(queue, id, "sessionId");

        Assert.Equal("MessageUnreadable", Text(letter, "reason"));
        Assert.Equal(("kept", Text(letter, "problem")), (Text(await ReplayAsync(queue, [Text(letter, "id")]), "outcome"), Text(letter, "error")));
    }

    [Theory]
    [InlineData("", "queue must be alert-events")]
    [InlineData("queue=telegrams", "queue must be alert-events")]
    [InlineData("queue=alert-events&limit=0", "limit must be")]
    [InlineData("queue=alert-events&limit=101", "limit must be")]
    [InlineData("queue=alert-events&continuation=none", "Invalid continuation")]
    public async Task A_list_says_what_is_wrong_with_its_query(string query, string detail) => Assert.Contains(
        detail, (await _bridge.GetAsync($"/api/dead-letters?{query}")).ExpectProblem(400).GetProperty("detail").GetString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"queue":"telegrams","all":true}""", "queue must be alert-events")]
    [InlineData("""{"all":true}""", "queue must be alert-events")]
    [InlineData("""{"queue":"alert-events"}""", "ids")]
    [InlineData("""{"queue":"alert-events","ids":[1],"all":true}""", "and not both")]
    [InlineData("""{"queue":"alert-events","ids":[1],"all":"yes"}""", "all has a value of the wrong type")]
    [InlineData("""{"queue":"alert-events","ids":[]}""", "1 to 500")]
    [InlineData("""{"queue":"alert-events","ids":"1"}""", "1 to 500")]
    [InlineData("""{"queue":"alert-events","ids":["one"]}""", "positive numbers")]
    [InlineData("""{"queue":"alert-events","ids":[1.5]}""", "positive numbers")]
    [InlineData("""{"queue":"alert-events","ids":[0]}""", "positive numbers")]
    [InlineData("""{"queue":"alert-events","ids":[-1]}""", "positive numbers")]
    [InlineData("""{"queue":"alert-events","ids":[null]}""", "positive numbers")]
    [InlineData("""{"queue":"alert-events","ids":["99999999999999999999"]}""", "positive numbers")]
    [InlineData("""{"queue":"alert-events","ids":[1],"continuation":"x"}""", "belongs to")]
    [InlineData("""{"queue":"alert-events","all":true,"continuation":"x"}""", "Invalid continuation")]
    [InlineData("""{"queue":"alert-events","all":true,"actor":"a\n"}""", "actor must")]
    [InlineData("""{"queue":"alert-events","all":true,"dryrun":true,"force":true}""", "unknown member")]
    [InlineData("""{""", "must be JSON")]
    public async Task A_replay_says_what_is_wrong_with_its_request(string body, string detail) => Assert.Contains(
        detail, (await _bridge.PostAsync("/api/dead-letters/replay", body)).ExpectProblem(400).GetProperty("detail").GetString(), StringComparison.Ordinal);

    [Fact]
    public async Task Ids_are_numbers_or_texts_and_at_most_five_hundred()
    {
        object[] ids = [.. Enumerable.Range(900_000_000, 500).Select(id => id % 2 == 0 ? (object)id : $"{id}"), 900_000_000];

        (await PostAsync(Queues.AlertEvents, ids)).ExpectProblem(400);
        var report = (await PostAsync(Queues.AlertEvents, ids[..500])).Expect(200).Json;

        Assert.Equal(500, report.GetProperty("counts").GetProperty("notFound").GetInt32());
    }

    [Fact]
    public async Task While_the_broker_is_down_both_routes_answer_503()
    {
        using var down = app.Host.Bus.Faults.Refuse(BusOperations.Receive, ServiceBusFailureReason.ServiceCommunicationProblem, queue: Queues.PagerDutyEvents);

        foreach (var response in new[]
            { await _bridge.GetAsync("/api/dead-letters?queue=pagerduty-events"), await PostAsync(Queues.PagerDutyEvents, ["1"]) })
        {
            Assert.Equal("queues-unavailable", response.ExpectProblem(503).GetProperty("code").GetString());
            Assert.NotNull(response.RetryAfter);
        }
    }

    [Fact]
    public async Task Without_the_function_key_nothing_is_shown()
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/api/dead-letters?queue=alert-events"), (HttpMethod.Post, "/api/dead-letters/replay") })
            (await BridgeClient.SendAsync(new HttpRequestMessage(method, _bridge.At(path)))).Expect(401);
    }

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString() ?? "";

    private async Task<JsonElement> FindAsync(string queue, string id, string member = "incidentId")
    {
        var page = (await _bridge.GetAsync($"/api/dead-letters?queue={queue}&limit=100")).Expect(200).Json;
        return Assert.Single(page.GetProperty("items").EnumerateArray(), item => Text(item, member) == id);
    }

    private Task<TextResponse> PostAsync(string queue, object[] ids, bool dryRun = false) =>
        _bridge.PostAsync("/api/dead-letters/replay", JsonSerializer.Serialize(new { queue, ids, dryRun, actor = "ada" }));

    private async Task<JsonElement> ReplayAsync(string queue, string[] ids, bool dryRun = false)
    {
        var report = (await PostAsync(queue, ids, dryRun)).Expect(200).Json;
        Assert.Equal((queue, dryRun), (Text(report, "queue"), report.GetProperty("dryRun").GetBoolean()));
        return Assert.Single(report.GetProperty("items").EnumerateArray());
    }

    /// <summary>Makes a dead letter of a message that a function could handle: it expires before one gets it.</summary>
    private async Task ExpireAsync(string queue, ServiceBusMessage message)
    {
        message.TimeToLive = TimeSpan.FromMilliseconds(1);
        var before = app.Queues.CountDeadLetters(queue);
        using (app.Host.Bus.Faults.Refuse(BusOperations.Receive, ServiceBusFailureReason.ServiceBusy, queue: queue))
        {
            await app.Queues.SendAsync(queue, message);
            await Eventually.Async(() => Task.FromResult(app.Queues.CountDeadLetters(queue)), count => count > before, "the message has expired");
        }
    }

    private static ServiceBusMessage Delivery(IncidentWebhook webhook)
    {
        var message = DeliveryMessages.Of(webhook.Id, Guid.NewGuid().ToString(), "local", TimeProvider.System.GetUtcNow());
        message.Body = BinaryData.FromString(webhook.ToJson());
        return message;
    }

    private static ServiceBusMessage Message(string queue, string session, string subject, string body) => new(BinaryData.FromString(body))
    {
        MessageId = $"{queue}-{Guid.NewGuid():N}",
        SessionId = session,
        Subject = subject,
        ApplicationProperties =
        {
            [MessageProperties.Version] = 1,
            [MessageProperties.Source] = "local",
            [MessageProperties.ReceivedAt] = "2026-11-01T10:00:00Z",
        },
    };
}
