using System.Net.Http.Json;
using System.Text;
using Azure.Core.Amqp;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Worker;

/// <summary>Functions of each kind, called as the Functions host calls them.</summary>
[Collection(WorkerFixture.Collection)]
public sealed class WorkerCallTests(WorkerFixture fixture)
{
    private RunningWorker Worker => fixture.Worker;

    [Fact]
    public async Task A_webhook_is_answered_202_and_its_message_is_with_the_broker()
    {
        var incident = IncidentWebhook.NewId();
        var source = await NewSourceAsync();

        var answer = await DeliverAsync(source, source.Token, incident);

        answer.Expect(202);
        Assert.Equal(incident, answer.Json.GetProperty("incidentId").GetString());
        var message = Received(Message(incident));
        Assert.Equal((incident, answer.Json.GetProperty("messageId").GetString()), (message.SessionId, message.MessageId));
    }

    [Fact]
    public async Task A_webhook_with_a_wrong_token_is_answered_401()
    {
        var incident = IncidentWebhook.NewId();

        (await DeliverAsync(await NewSourceAsync(), "wrong", incident)).ExpectProblem(401);

        Assert.DoesNotContain(fixture.Bus.Taken(Queues.AlertEvents), message => Received(message).SessionId == incident);
    }

    [Fact]
    public async Task An_alert_that_is_not_there_is_answered_404() => (await GetAsync("/api/alerts/none")).ExpectProblem(404);

    [Theory]
    [InlineData("/api/alerts?limit=5")]
    [InlineData("/api/alert-rows")]
    [InlineData("/api/sources")]
    [InlineData("/api/health")]
    [InlineData("/api/openapi.json")]
    public async Task What_can_be_read_is_answered_200_with_JSON(string path)
    {
        var answer = (await GetAsync(path)).Expect(200);

        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal(System.Text.Json.JsonValueKind.Object, answer.Json.ValueKind);
    }

    /// <summary>As a browser gets it from the built app: the page, each file that it names, and 304 for one that it has.</summary>
    [Fact]
    public async Task The_console_is_sent_with_its_files()
    {
        var page = (await GetAsync("/api/console")).Expect(200);
        Assert.Equal("text/html", page.MediaType);
        var files = page.Body.Split('"').Where(part => part.StartsWith("/api/console/assets/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var response = await Worker.SendAsync(HttpMethod.Get, file, null, headers => headers.Add("Accept-Encoding", "br"));
            Assert.Equal((200, "br"), ((int)response.StatusCode, response.Content.Headers.ContentEncoding.Single()));
            Assert.True(response.Headers.CacheControl?.MaxAge > TimeSpan.FromDays(300), file);
            using var again = await Worker.SendAsync(HttpMethod.Get, file, null, headers =>
            {
                headers.Add("Accept-Encoding", "br");
                headers.IfNoneMatch.Add(response.Headers.ETag ?? throw new InvalidOperationException($"{file} has no ETag."));
            });
            Assert.Equal(304, (int)again.StatusCode);
        }

        (await GetAsync("/api/console/assets/none.js")).Expect(404);
    }

    [Theory]
    [InlineData("/api/health", 200)]
    [InlineData("/api/alerts", 200)]
    [InlineData("/api/alerts/none", 404)]
    public async Task Every_response_has_the_headers(string path, int status)
    {
        using var response = await Worker.SendAsync(HttpMethod.Get, path, null, _ => { });

        Assert.Equal(status, (int)response.StatusCode);
        SecurityHeaders.AssertIn(response);
    }

    /// <summary>The Functions host appends the address that the platform saw; what comes before it was written by the caller.</summary>
    [Fact]
    public async Task A_caller_is_limited_by_the_last_address_in_X_Forwarded_For_and_by_no_other()
    {
        var statuses = new List<int>();
        // On a busy machine the burst takes seconds, each of which allows one more.
        while (statuses.Count < 2 * RefusalLimit.Burst && (statuses.Count <= RefusalLimit.Burst || statuses[^1] == 401))
            statuses.Add(await RefusedAsync($"198.51.100.{statuses.Count}, 203.0.113.1"));

        Assert.All(statuses.Take(RefusalLimit.Burst), status => Assert.Equal(401, status));
        Assert.Equal(429, statuses[^1]);
        Assert.Equal(401, await RefusedAsync("203.0.113.1, 203.0.113.2"));
        Assert.Equal(401, await RefusedAsync("203.0.113.3"));
    }

    /// <summary>A caller that disconnects or sends too slowly is no failed execution, and no outage of a store.</summary>
    [Fact]
    public async Task A_request_that_cannot_be_read_is_a_problem_of_its_sender()
    {
        var answer = await Worker.SendRawAsync(HttpMethod.Post, "/api/sources", "Transfer-Encoding: chunked\r\n\r\nno length\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("nosniff", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timer_does_its_work()
    {
        var resolved = fixture.Tables.GetTableClient(TableNames.ResolvedAlerts);
        var longAgo = AlertIndex.SortKey(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), "left-over");
        await resolved.AddEntityAsync(new TableEntity(longAgo, AlertIndex.ResolvedRow) { ["IncidentId"] = "left-over" });

        await Worker.RunTimerAsync("EnforceRetention");

        Assert.False((await resolved.GetEntityIfExistsAsync<TableEntity>(longAgo, AlertIndex.ResolvedRow)).HasValue);
    }

    [WithServiceBusExtensionFact]
    public async Task A_message_is_converted_applied_and_completed()
    {
        var incident = IncidentWebhook.NewId();
        var source = await NewSourceAsync();
        (await DeliverAsync(source, source.Token, incident)).Expect(202);

        var settled = await Worker.DeliverAsync(Queues.AlertEvents, Message(incident));

        Assert.Equal("completed", settled);
        Assert.True((await GetAsync(BridgeClient.AlertPath(incident))).Expect(200).Read<SeenAlert>().Fires);
    }

    [WithServiceBusExtensionFact]
    public async Task A_message_that_cannot_be_read_is_dead_lettered_with_its_reason()
    {
        var message = new ServiceBusMessage("{}") { MessageId = "unreadable", SessionId = "unreadable" }.GetRawAmqpMessage();
        message.Header.DeliveryCount = 0;
        message.MessageAnnotations["x-opt-enqueued-time"] = DateTime.UnixEpoch;

        Assert.Equal("dead-lettered: MessageUnreadable", await Worker.DeliverAsync(Queues.AlertEvents, message.ToBytes().ToArray()));
    }

    private async Task<int> RefusedAsync(string forwardedFor)
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await Worker.SendAsync(
            HttpMethod.Post, "/api/webhooks/bigpanda/unknown", content, headers => headers.Add("X-Forwarded-For", forwardedFor));
        return (int)response.StatusCode;
    }

    [Fact]
    public async Task What_changes_something_is_in_the_audit_trail_and_what_is_refused_too()
    {
        await NewSourceAsync();
        var refused = await Worker.CallAsync(HttpMethod.Post, "/api/alerts/none%2F1/resolve", JsonContent.Create(new { actor = "ada" }));

        refused.ExpectProblem(404);
        var created = (await GetAsync("/api/audit?action=source.create&limit=1")).Expect(200).Json.GetProperty("items")[0];
        var resolve = (await GetAsync("/api/audit?action=alert.resolve&limit=1")).Expect(200).Json.GetProperty("items")[0];
        Assert.Equal(("ok", 201), (created.GetProperty("result").GetString(), created.GetProperty("status").GetInt32()));
        Assert.Equal(
            ("ada", "none/1", "refused", "alert-not-found"),
            (resolve.GetProperty("actor").GetString(), resolve.GetProperty("target").GetString(), resolve.GetProperty("result").GetString(),
                resolve.GetProperty("code").GetString()));
    }

    private async Task<Source> NewSourceAsync()
    {
        var made = (await Worker.CallAsync(HttpMethod.Post, "/api/sources", JsonContent.Create(new { name = "Worker" }))).Expect(201).Json;
        var callback = new Uri(made.GetProperty("source").GetProperty("callbackUrl").GetString() ?? "");
        return new Source(callback.AbsolutePath, made.GetProperty("bearerToken").GetString() ?? "");
    }

    /// <summary>Again after a 503: the worker answers so when the broker accepts the message late.</summary>
    private Task<TextResponse> DeliverAsync(Source source, string token, string incident) => Eventually.Async(
        () => Worker.CallAsync(
            HttpMethod.Post, source.Path, new StringContent(IncidentWebhook.New(incident).ToJson(), Encoding.UTF8, "application/json"), token),
        answer => answer.Status != 503,
        "the webhook is not answered 503");

    private Task<TextResponse> GetAsync(string path) => Worker.CallAsync(HttpMethod.Get, path);

    /// <summary>The worker sends it again, under the same id, when the broker's acceptance is late.</summary>
    private byte[] Message(string incident) => Assert.Single(
        fixture.Bus.Taken(Queues.AlertEvents)
            .Where(message => Received(message).SessionId == incident)
            .DistinctBy(message => Received(message).MessageId));

    /// <summary>Converts a message as the extension does.</summary>
    private static ServiceBusReceivedMessage Received(byte[] message) =>
        ServiceBusReceivedMessage.FromAmqpMessage(
            AmqpAnnotatedMessage.FromBytes(BinaryData.FromBytes(message)), BinaryData.FromBytes(Guid.NewGuid().ToByteArray()));

    private sealed record Source(string Path, string Token);
}
