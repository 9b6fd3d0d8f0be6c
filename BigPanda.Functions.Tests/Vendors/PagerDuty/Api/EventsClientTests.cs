using System.Net;
using System.Text;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Calls;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Api;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Api;

public sealed class EventsClientTests
{
    private const string Event = """{"event_action":"trigger","dedup_key":"k"}""";

    private static readonly CallClaim Urgent = new(CallPriority.Urgent);

    [Fact]
    public void An_event_is_sent_with_its_routing_key_in_the_body_and_no_other_credential()
    {
        var (outcome, call) = Run(async (events, pagerDuty) => (await EnqueueAsync(events), Assert.Single(pagerDuty.Calls)));

        Assert.Equal(ApiResult.Done, outcome.Result);
        Assert.Equal(("POST", "/v2/enqueue"), (call.Method, call.Path));
        Assert.Equal("""{"routing_key":"R0UTINGKEY000000000000000000MAIN","event_action":"trigger","dedup_key":"k"}""", call.Body);
        Assert.Equal("k", JsonElement.Parse(call.Body).GetProperty("dedup_key").GetString());
        Assert.DoesNotContain("Authorization", call.Headers.Keys);
    }

    [Theory]
    [InlineData(202, "application/json", """{"status":"success","message":"Event processed","dedup_key":"k"}""", "Done")]
    [InlineData(202, "application/json", "", "Done")]
    [InlineData(202, "application/json", """{"status":"succ""", "Done")]
    [InlineData(202, "text/plain", "accepted", "Done")]
    [InlineData(202, "text/html", "<html>Sign in</html>", "Unavailable")]
    [InlineData(200, "application/json", """{"status":"success"}""", "Unavailable")]
    [InlineData(204, "application/json", "", "Unavailable")]
    [InlineData(302, "text/html", "", "Unavailable")]
    [InlineData(400, "text/html", "<html>Bad gateway configuration</html>", "Unavailable")]
    [InlineData(400, "application/json", """{"status":"inva""", "Rejected")]
    [InlineData(400, "application/json", "", "Rejected")]
    [InlineData(401, "application/json", "{}", "NotAllowed")]
    [InlineData(403, "application/json", "{}", "NotAllowed")]
    [InlineData(404, "application/json", "{}", "NotFound")]
    [InlineData(408, "application/json", "{}", "Unavailable")]
    [InlineData(413, "application/json", "{}", "Rejected")]
    [InlineData(429, "text/html", "<html>slow down</html>", "Unavailable")]
    [InlineData(500, "application/json", "{}", "Unavailable")]
    [InlineData(503, "text/html", "<html>down</html>", "Unavailable")]
    public void Only_a_202_that_is_not_a_page_is_an_acceptance(int status, string mediaType, string body, string result)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };

        Assert.Equal(result, Run((events, _) => EnqueueAsync(events), _ => response).Result.ToString());
    }

    [Theory]
    [InlineData(
        """{"status":"invalid event","message":"Event object is invalid","errors":["Length of 'routing_key' is incorrect","'event_action' is missing"]}""",
        "Event object is invalid: Length of 'routing_key' is incorrect; 'event_action' is missing")]
    [InlineData("""{"status":"invalid","message":"Event is invalid","errors":["Invalid routing key"]}""", "Event is invalid: Invalid routing key")]
    [InlineData("""{"message":"Event object is invalid","errors":"one text"}""", "Event object is invalid: one text")]
    [InlineData("""{"errors":["only this"]}""", "only this")]
    [InlineData("""{"message":"\ud800 half a character","errors":[1,null,{}]}""", "half a character: 1")]
    [InlineData("""{"error":"of another form"}""", """{"error":"of another form"}""")]
    public void A_rejected_event_says_what_PagerDuty_said(string body, string text)
    {
        var outcome = Run((events, _) => EnqueueAsync(events), _ => ScriptedPagerDuty.Json(400, body));

        Assert.Equal(ApiResult.Rejected, outcome.Result);
        Assert.StartsWith("400 BadRequest: ", outcome.Detail, StringComparison.Ordinal);
        Assert.Contains(text, outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_routing_key_that_PagerDuty_quotes_is_not_shown()
    {
        var quoting = $$"""{"message":"no such key {{PagerDutyInstance.RoutingKey}}"}""";
        var outcome = Run((events, _) => EnqueueAsync(events), _ => ScriptedPagerDuty.Json(400, quoting));

        Assert.Equal("400 BadRequest: no such key [secret]", outcome.Detail);
    }

    [Fact]
    public void A_key_is_found_by_its_id_also_when_it_is_a_former_one_and_a_key_from_a_tag_is_used_as_it_is()
    {
        const string Former = "F0RMERKEY00000000000000000000000";
        const string Tagged = "TAGGEDKEY00000000000000000000000";
        var sent = Run(
            async (events, pagerDuty) =>
            {
                await EnqueueAsync(events, PagerDutyInstance.Other);
                await EnqueueAsync(events, new PageKey(PagerDutyCredential.IdOf(Former)));
                await EnqueueAsync(events, new PageKey(PagerDutyCredential.IdOf(Tagged), Tagged));
                return pagerDuty.Calls.Select(call => JsonElement.Parse(call.Body).GetProperty("routing_key").GetString()).ToList();
            },
            stored: PagerDutyInstance.Credential("https://pagerduty.example.com") with { FormerKeys = [new FormerKey(Former, Deliveries.Start)] });

        Assert.Equal([PagerDutyInstance.OtherKey, Former, Tagged], sent);
    }

    [Fact]
    public void An_event_whose_key_is_gone_is_not_sent_and_names_the_key()
    {
        var (outcome, calls) = Run(async (events, pagerDuty) => (await EnqueueAsync(events, new PageKey("0123456789ab")), pagerDuty.Calls.Count));

        Assert.Equal((ApiResult.NotAllowed, (int?)null, 0), (outcome.Result, outcome.Status, calls));
        Assert.Contains("0123456789ab", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_that_is_no_longer_wanted_when_its_turn_has_come_is_not_sent_and_takes_no_turn()
    {
        var (outcome, calls, at) = VirtualWorld.Run(async world =>
        {
            var pagerDuty = new ScriptedPagerDuty(world.Time);
            await using var instance = new PagerDutyInstance(world.Time, new MemoryTables(world.Time), pagerDuty);
            var start = world.Time.GetUtcNow();
            var outcome = await instance.Events.EnqueueAsync(
                Urgent, PagerDutyInstance.Main, _ => Task.FromResult(PreparedBody.NotWanted("the page is over")), CancellationToken.None);
            for (var i = 0; i < 2; i++) await EnqueueAsync(instance.Events);
            return (outcome, pagerDuty.Calls.Count, pagerDuty.Calls[0].At - start);
        });

        Assert.Equal((ApiResult.NotSent, "the page is over", 2, TimeSpan.Zero), (outcome.Result, outcome.Detail, calls, at));
    }

    [Theory]
    [InlineData(202, 10, "Done")]
    [InlineData(202, 64 * 1024 * 1024, "Done")]
    [InlineData(400, 10, "Unavailable")]
    [InlineData(500, 10, "Unavailable")]
    public void An_acceptance_counts_although_its_body_is_cut_off_or_endless(int status, int bytes, string result)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(new CutOffStream(bytes)) };

        Assert.Equal(result, Run((events, _) => EnqueueAsync(events), _ => response).Result.ToString());
    }

    [Fact]
    public void An_event_without_a_response_may_have_arrived()
    {
        var outcome = Run((events, _) => EnqueueAsync(events), _ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "closed"));

        Assert.Equal((ApiResult.Unavailable, (int?)null, TimeSpan.FromSeconds(30)), (outcome.Result, outcome.Status, outcome.RetryAfter));
    }

    [Fact]
    public async Task Nothing_is_sent_while_PagerDuty_is_not_connected()
    {
        var pagerDuty = new ScriptedPagerDuty(TimeProvider.System);
        await using var instance = new PagerDutyInstance(TimeProvider.System, new MemoryTables(TimeProvider.System), pagerDuty) { Stored = null };

        var outcomes = (await EnqueueAsync(instance.Events), await instance.Rest.CheckKeyAsync(CancellationToken.None));

        Assert.Equal(
            ((ApiResult.NotAllowed, PagerDutyEventsClient.NotConnected), (ApiResult.NotAllowed, PagerDutyClient.NoKey)),
            ((outcomes.Item1.Result, outcomes.Item1.Detail), (outcomes.Item2.Result, outcomes.Item2.Detail)));
        Assert.Empty(pagerDuty.Calls);
    }

    private static Task<ApiOutcome> EnqueueAsync(PagerDutyEventsClient events, PageKey? key = null) =>
        events.EnqueueAsync(Urgent, key ?? PagerDutyInstance.Main, PagerDutyInstance.Body(Event), CancellationToken.None);

    /// <summary>Ends with an error after so many bytes.</summary>
    private sealed class CutOffStream(int bytes) : MemoryStream
    {
        private int _left = bytes;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(buffer.Length, _left);
            _left -= count;
            return count > 0 ? ValueTask.FromResult(count) : throw new IOException("cut off");
        }
    }

    private static T Run<T>(
        Func<PagerDutyEventsClient, ScriptedPagerDuty, Task<T>> act, Func<ReceivedCall, HttpResponseMessage?>? answer = null,
        PagerDutyCredential? stored = null) => VirtualWorld.Run(async world =>
    {
        var pagerDuty = new ScriptedPagerDuty(world.Time) { Answer = answer ?? (_ => null) };
        await using var instance = new PagerDutyInstance(world.Time, new MemoryTables(world.Time), pagerDuty);
        if (stored is not null) instance.Stored = stored;
        return await act(instance.Events, pagerDuty);
    });
}
