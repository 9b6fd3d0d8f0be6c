using System.Diagnostics.Metrics;
using System.Text;
using Azure;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Webhook;

public sealed class ReceivingPagerDutyTests
{
    private static readonly byte[] Resolved = Samples.PagerDuty("incident.resolved.eventsapi-by-user");

    /// <summary>Needs a share of the memory.</summary>
    private static readonly byte[] Large = [.. Resolved, .. Enumerable.Repeat((byte)' ', 200 * 1024)];

    private readonly PagerDutyIntake _intake = new();

    [Theory]
    [InlineData("incident.annotated", "Q2CKYRLH85UNN4")]
    [InlineData("incident.resolved.eventsapi-by-user", "Q06D419EX7GF1K")]
    [InlineData("incident.triggered.agent-null", "Q19Z7CCJDTBD40")]
    [InlineData("incident.triggered.eventsapi", "Q1KD0TLXG4S1VO")]
    public async Task An_authentic_event_lies_on_the_queue_as_it_was_sent_in_its_incidents_session(string sample, string incident)
    {
        var (response, body) = await _intake.PostAsync(Samples.PagerDuty(sample));

        var message = Assert.Single(_intake.Bus.Sent);
        Assert.Equal((202, ""), (response.StatusCode, body));
        Assert.Equal(Samples.PagerDuty(sample), message.Body.ToArray());
        Assert.Equal((incident, "pagerduty-event"), (message.SessionId, message.Subject));
        Assert.InRange(message.MessageId.Length, 1, 128);
    }

    [Fact]
    public async Task A_message_is_read_back_as_the_event_and_the_time_of_its_receipt()
    {
        await _intake.PostAsync(Resolved);

        var sent = Assert.Single(_intake.Bus.Sent);
        var received = ServiceBusModelFactory.ServiceBusReceivedMessage(
            sent.Body, sent.MessageId, subject: sent.Subject, properties: sent.ApplicationProperties);
        var (evt, receivedAt) = PagerDutyEventMessages.Read(received, received.Body);
        Assert.Equal(("Q06D419EX7GF1K", PagerDutyIntake.Now), (evt.IncidentId, receivedAt));
    }

    [Fact]
    public async Task The_same_event_has_the_same_message_id_whatever_delivery_brings_it()
    {
        await _intake.PostAsync(Resolved);
        await _intake.PostAsync([.. Resolved, (byte)'\n'], request => request.Headers["X-Webhook-Id"] = "another");
        await _intake.PostAsync(Samples.PagerDuty("incident.annotated"));

        Assert.Equal(_intake.Bus.Sent[0].MessageId, _intake.Bus.Sent[1].MessageId);
        Assert.NotEqual(_intake.Bus.Sent[0].MessageId, _intake.Bus.Sent[2].MessageId);
    }

    [Fact]
    public async Task An_event_without_an_id_is_known_by_its_delivery_and_without_one_by_its_body()
    {
        var body = """{"event":{"event_type":"incident.resolved","data":{"id":"Q1","type":"incident"}}}"""u8.ToArray();

        await _intake.PostAsync(body);
        await _intake.PostAsync([.. body, (byte)' ']);
        await _intake.PostAsync(body, request => request.Headers.Remove("X-Webhook-Id"));
        await _intake.PostAsync(body, request => request.Headers.Remove("X-Webhook-Id"));

        var ids = _intake.Bus.Sent.Select(message => message.MessageId).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(ids[2], ids[3]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public async Task A_long_incident_id_is_hashed_for_the_session()
    {
        var id = new string('Q', 200);

        await _intake.PostAsync(Encoding.UTF8.GetBytes($$$$"""{"event":{"event_type":"incident.resolved","data":{"id":"{{{{id}}}}","type":"incident"}}}"""));

        Assert.InRange(Assert.Single(_intake.Bus.Sent).SessionId.Length, 1, 128);
    }

    [Theory]
    [InlineData("""{"event":{"id":"1","event_type":"pagey.ping","data":{"message":"Hello from your friend Pagey!","type":"ping"}}}""")]
    [InlineData("""{"event":{"id":"2","event_type":"service.updated","data":{"id":"P1","type":"service"}}}""")]
    [InlineData("""{"event":{"id":"3","event_type":"incident.something_new","data":{"id":"Q1","type":"incident"}}}""")]
    [InlineData("{}")]
    [InlineData("not JSON")]
    public async Task What_can_never_matter_is_accepted_and_not_stored(string body)
    {
        var (response, _) = await _intake.PostAsync(Encoding.UTF8.GetBytes(body));

        Assert.Equal(202, response.StatusCode);
        Assert.Empty(_intake.Bus.Sent);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData(null)]
    public async Task No_content_type_is_refused(string? type)
    {
        var (response, _) = await _intake.PostAsync(Resolved, request => request.ContentType = type);

        Assert.Equal(202, response.StatusCode);
        Assert.Single(_intake.Bus.Sent);
    }

    [Theory]
    [InlineData("v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("v2=5682c5dcdc7400f8a65479eda3b77e4678df24870bc51156a7db1ce5eb3de210")]
    [InlineData("")]
    public async Task A_wrong_signature_is_refused_with_401_and_nothing_else_is(string signature)
    {
        var (response, body) = await _intake.PostAsync(Resolved, request => request.Headers["X-PagerDuty-Signature"] = signature);

        Assert.Equal(401, response.StatusCode);
        Assert.Contains("\"code\":\"unauthorized\"", body, StringComparison.Ordinal);
        Assert.Contains("No signature is that of a stored webhook secret.", body, StringComparison.Ordinal);
        Assert.Empty(_intake.Bus.Sent);
    }

    [Fact]
    public async Task A_secret_that_another_instance_has_stored_since_is_read_before_its_webhook_is_refused()
    {
        await _intake.PostAsync(Resolved);
        _intake.Store.Credential = PagerDutyIntake.SecretStore.With(new WebhookSecret("newer", PagerDutyIntake.Now));
        _intake.Time.Advance(TimeSpan.FromSeconds(5));

        var (response, _) = await _intake.PostAsync(Resolved, secret: "newer");

        Assert.Equal((202, 2), (response.StatusCode, _intake.Store.Reads));
        Assert.Equal(2, _intake.Bus.Sent.Count);
    }

    /// <summary>PagerDuty sends it again, and it is compared with what is stored then.</summary>
    [Fact]
    public async Task A_webhook_is_not_refused_while_newer_secrets_cannot_be_read()
    {
        await _intake.PostAsync(Resolved);
        _intake.Store.Credential = PagerDutyIntake.SecretStore.With(new WebhookSecret("newer", PagerDutyIntake.Now));
        _intake.Store.Failure = new RequestFailedException(503, "down");
        _intake.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(503, (await _intake.PostAsync(Resolved, secret: "newer")).Response.StatusCode);
        Assert.Equal(202, (await _intake.PostAsync(Resolved)).Response.StatusCode);

        _intake.Store.Failure = null;
        _intake.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(202, (await _intake.PostAsync(Resolved, secret: "newer")).Response.StatusCode);
    }

    [Fact]
    public async Task A_request_without_a_signature_costs_neither_a_body_nor_a_secret()
    {
        var (response, _) = await _intake.SendAsync(new UnreadStream(), null);

        Assert.Equal(401, response.StatusCode);
        Assert.Equal(0, _intake.Store.Reads);
    }

    [Fact]
    public async Task A_flood_of_wrong_signatures_reads_the_secrets_once_and_logs_once()
    {
        using var measured = new Measurements(IntakeResponse.Services.GetRequiredService<IMeterFactory>());
        for (var i = 0; i < 100; i++) await _intake.PostAsync(Resolved, secret: "guessed");

        Assert.Equal(1, _intake.Store.Reads);
        Assert.Single(_intake.Log.Lines, line => line.Item2.Contains("unauthorized", StringComparison.Ordinal));
        Assert.Equal(0, _intake.Tables.Requests);
        Assert.All(["unauthorized", "limited"], outcome => Assert.NotEmpty(measured.Of($"bigpanda.webhooks outcome={outcome} source=_pagerduty")));
        Assert.Contains(
            "Too many requests without a valid signature from this address.", (await _intake.PostAsync(Resolved, secret: "guessed")).Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_signatures_in_several_headers_are_read()
    {
        var (response, _) = await _intake.PostAsync(Resolved, request => request.Headers.Append("X-PagerDuty-Signature", "v1=00"));

        Assert.Equal(202, response.StatusCode);
    }

    [Theory]
    [InlineData(59, 202)]
    [InlineData(60, 401)]
    public async Task A_removed_secret_counts_for_an_hour(int minutes, int status)
    {
        _intake.Store.Credential = PagerDutyIntake.SecretStore.With(
            new WebhookSecret("new", PagerDutyIntake.Now), new WebhookSecret(PagerDutyIntake.Secret, PagerDutyIntake.Now, PagerDutyIntake.Now));
        _intake.Time.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Equal(status, (await _intake.PostAsync(Resolved)).Response.StatusCode);
        Assert.Equal(202, (await _intake.PostAsync(Resolved, secret: "new")).Response.StatusCode);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_anything_else()
    {
        var (response, body) = await _intake.SendAsync(new UnreadStream(), PagerDutyGate.MaxBodyBytes + 1);

        Assert.Equal(413, response.StatusCode);
        Assert.Contains("\"limit\":1048576", body, StringComparison.Ordinal);
        Assert.Contains("A webhook body must have at most 1048576 bytes.", body, StringComparison.Ordinal);
        Assert.Equal(0, _intake.Store.Reads);
    }

    [Fact]
    public async Task A_body_without_a_length_is_read_up_to_the_limit()
    {
        var endless = new PieceByPieceStream(new byte[4 * 1024 * 1024], 64 * 1024);

        var (response, _) = await _intake.SendAsync(endless, null, request => request.Headers["X-PagerDuty-Signature"] = "v1=" + new string('0', 64));

        Assert.Equal(413, response.StatusCode);
        Assert.InRange(endless.Taken, PagerDutyGate.MaxBodyBytes, PagerDutyGate.MaxBodyBytes + 64 * 1024);
    }

    [Fact]
    public async Task The_largest_body_is_accepted()
    {
        byte[] largest = [.. Resolved, .. Enumerable.Repeat((byte)' ', PagerDutyGate.MaxBodyBytes - Resolved.Length)];

        Assert.Equal(202, (await _intake.PostAsync(largest)).Response.StatusCode);
        Assert.Single(_intake.Bus.Sent);
    }

    public static TheoryData<string> Outages => ["no secret", "not connected", "the vault is down", "the secret is damaged"];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task While_there_is_no_secret_to_compare_with_PagerDuty_sends_it_again(string outage)
    {
        var store = _intake.Store;
        (store.Credential, store.Failure) = outage switch
        {
            "no secret" => (PagerDutyIntake.SecretStore.With(), null),
            "not connected" => (null, null),
            "the vault is down" => (store.Credential, (Exception)new RequestFailedException(503, "down")),
            _ => (store.Credential, new System.Text.Json.JsonException("damaged")),
        };

        var isRead = store is { Failure: null };
        await AssertDeferredAsync(
            "webhook-secrets-unavailable", isRead ? "No webhook secret is stored. Store it with PUT /pagerduty" : "The webhook secrets cannot be read now.");
    }

    [Fact]
    public async Task While_PagerDuty_is_off_nothing_is_read_and_it_is_sent_again()
    {
        var off = new PagerDutyIntake("off");

        var (response, body) = await off.PostAsync(Resolved);

        Assert.Equal(503, response.StatusCode);
        Assert.Contains("PagerDuty__Mode", body, StringComparison.Ordinal);
        Assert.Equal(0, off.Store.Reads);
    }

    [Fact]
    public async Task While_the_broker_refuses_PagerDuty_sends_it_again()
    {
        _intake.Bus.Sending = _ => throw new ServiceBusException("The broker's own words.", ServiceBusFailureReason.ServiceBusy);

        await AssertDeferredAsync("enqueue-failed", "");
    }

    [Fact]
    public async Task A_broker_that_is_slow_is_not_waited_for_and_gets_the_event_all_the_same()
    {
        var slow = new TaskCompletionSource();
        _intake.Bus.Sending = slow.Task.WaitAsync;

        var posting = _intake.PostAsync(Large);
        _intake.Time.Advance(ReceivePagerDutyWebhookFunction.Deadline - TimeSpan.FromMilliseconds(1));
        Assert.False(posting.IsCompleted);
        _intake.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(503, (await posting).Response.StatusCode);
        slow.SetResult();
        (await _intake.Budget.TakeAsync(null, CancellationToken.None))?.Dispose();
        await _intake.PostAsync(Large);

        // The broker drops the second by its id.
        Assert.Equal(2, _intake.Bus.Sent.Count);
        Assert.Single(_intake.Bus.Sent.Select(message => message.MessageId).Distinct());
    }

    [Fact]
    public async Task A_broker_that_hangs_holds_the_body_for_half_a_minute()
    {
        _intake.Bus.Sending = token => Task.Delay(Timeout.InfiniteTimeSpan, _intake.Time, token);
        var posting = _intake.PostAsync(Large);
        _intake.Time.Advance(ReceivePagerDutyWebhookFunction.Deadline);
        Assert.Equal(503, (await posting).Response.StatusCode);
        using (var impatient = new CancellationTokenSource())
        {
            var all = _intake.Budget.TakeAsync(null, impatient.Token).AsTask();
            Assert.False(all.IsCompleted);
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all);
        }

        _intake.Time.Advance(ReceivePagerDutyWebhookFunction.MaxStoring);

        (await _intake.Budget.TakeAsync(null, CancellationToken.None))?.Dispose();
        Assert.Contains(_intake.Log.Lines, line => line.Item2.Contains("Could not enqueue a webhook of PagerDuty", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vault_that_is_slow_is_not_waited_for_and_read_once()
    {
        var slow = new TaskCompletionSource();
        _intake.Store.Reading = slow.Task;

        var posting = _intake.PostAsync(Resolved);
        _intake.Time.Advance(ReceivePagerDutyWebhookFunction.Deadline);
        var (response, body) = await posting;
        slow.SetResult();

        Assert.Equal(503, response.StatusCode);
        Assert.Contains("\"code\":\"webhook-secrets-unavailable\"", body, StringComparison.Ordinal);
        Assert.Contains("The webhook secrets are still being read.", body, StringComparison.Ordinal);
        Assert.Equal(202, (await _intake.PostAsync(Resolved)).Response.StatusCode);
        Assert.Equal(1, _intake.Store.Reads);
    }

    [Fact]
    public async Task A_share_of_the_memory_is_not_waited_for_longer()
    {
        using var all = await _intake.Budget.TakeAsync(null, CancellationToken.None);

        var posting = _intake.PostAsync(Large);
        _intake.Time.Advance(ReceivePagerDutyWebhookFunction.Deadline);

        var (response, body) = await posting;
        Assert.Equal(503, response.StatusCode);
        Assert.Contains("Too many large webhooks at once.", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_is_not_waited_for()
    {
        var posting = _intake.SendAsync(new StalledStream(), Large.Length, request => request.Headers["X-PagerDuty-Signature"] = "v1=" + new string('0', 64));
        _intake.Time.Advance(ReceivePagerDutyWebhookFunction.Deadline);

        var (response, body) = await posting;
        Assert.Equal(503, response.StatusCode);
        Assert.Contains("The body did not arrive in time. PagerDuty sends the webhook again.", body, StringComparison.Ordinal);
        (await _intake.Budget.TakeAsync(null, CancellationToken.None))?.Dispose();
    }

    [Fact]
    public async Task Tables_that_are_slow_do_not_fail_a_webhook_that_is_stored()
    {
        _intake.Tables.Writing = token => Task.Delay(Timeout.InfiniteTimeSpan, _intake.Time, token);

        var posting = _intake.PostAsync(Resolved);
        _intake.Time.Advance(ReceivePagerDutyWebhookFunction.Deadline);

        Assert.Equal(202, (await posting).Response.StatusCode);
        Assert.Single(_intake.Bus.Sent);
    }

    [Fact]
    public async Task A_caller_who_leaves_gets_no_answer()
    {
        using var caller = new CancellationTokenSource();
        _intake.Bus.Sending = async _ =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, _intake.Time, CancellationToken.None);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _intake.SendAsync(
            new MemoryStream(Resolved), Resolved.Length,
            request => request.Headers["X-PagerDuty-Signature"] = PagerDutyIntake.Sign(Resolved, PagerDutyIntake.Secret), caller.Token));
    }

    private async Task AssertDeferredAsync(string code, string detail)
    {
        using var measured = new Measurements(IntakeResponse.Services.GetRequiredService<IMeterFactory>());
        var (response, body) = await _intake.PostAsync(Resolved);

        Assert.Equal((503, "5"), (response.StatusCode, response.Headers.RetryAfter.ToString()));
        Assert.Contains($"\"code\":\"{code}\"", body, StringComparison.Ordinal);
        Assert.Contains(detail, body, StringComparison.Ordinal);
        Assert.NotEmpty(measured.Of($"bigpanda.webhooks outcome=deferred source=_pagerduty"));
        Assert.DoesNotContain("own words", body, StringComparison.Ordinal);
        Assert.Empty(_intake.Bus.Sent);
    }
}
