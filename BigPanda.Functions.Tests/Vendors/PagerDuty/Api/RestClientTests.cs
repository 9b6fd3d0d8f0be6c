using System.Net;
using System.Text;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Api;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Api;

public sealed class RestClientTests
{
    private const string Key = "bigpanda:55/5 a&b:20261101-1";
    private const string EncodedKey = "bigpanda%3A55%2F5%20a%26b%3A20261101-1";

    private static readonly CallClaim Claim = new(CallPriority.Normal);

    [Fact]
    public void Reads_have_the_key_and_the_version_and_writes_the_user_too()
    {
        var calls = Run(
            async (rest, pagerDuty) =>
            {
                await rest.GetIncidentAsync(Claim, "Q1", CancellationToken.None);
                await rest.AddNoteAsync(Claim, "Q1", "“done” by ada", _ => Task.FromResult<string?>(null), CancellationToken.None);
                await rest.EnableSubscriptionAsync("PXSUIZH", CancellationToken.None);
                return pagerDuty.Calls;
            },
            _ => ScriptedPagerDuty.Json(200, "{}"));

        Assert.All(calls, call => Assert.Equal("Token token=" + PagerDutyInstance.RestKey, call.Headers["Authorization"]));
        Assert.All(calls, call => Assert.Equal("application/vnd.pagerduty+json; version=2", call.Headers["Accept"]));
        Assert.Equal(
            ["GET /incidents/Q1 - ", """POST /incidents/Q1/notes bridge@example.com {"note":{"content":"\u201Cdone\u201D by ada"}}""",
             "POST /webhook_subscriptions/PXSUIZH/enable bridge@example.com {}"],
            calls.Select(call => $"{call.Method} {call.Path} {call.Headers.GetValueOrDefault("From", "-")} {call.Body}"));
    }

    /// <summary>A note that says so is not sent again.</summary>
    [Fact]
    public void A_key_that_another_instance_has_just_stored_is_not_missing()
    {
        var (before, after) = VirtualWorld.Run(async world =>
        {
            await using var instance = new PagerDutyInstance(world.Time, new MemoryTables(world.Time), new ScriptedPagerDuty(world.Time));
            var stored = PagerDutyInstance.Credential("https://pagerduty.example.com");
            instance.Stored = stored with { RestKey = null };
            var before = await instance.Rest.HasNewestKeyAsync(CancellationToken.None);
            instance.Stored = stored;
            await Task.Delay(TimeSpan.FromSeconds(6), world.Time, CancellationToken.None);
            return (before, await instance.Rest.HasNewestKeyAsync(CancellationToken.None));
        });

        Assert.Equal((false, true), (before, after));
    }

    [Fact]
    public void An_incident_is_searched_over_all_time_by_the_escaped_key_and_checked_by_its_alerts()
    {
        var (found, calls) = Run(
            async (rest, pagerDuty) => (await FindAsync(rest), pagerDuty.Calls),
            call => ScriptedPagerDuty.Json(200, call.Path.Contains("/alerts", StringComparison.Ordinal)
                ? Alerts(("A0", "bigpanda:another", "triggered"), ("A1", Key, "triggered"))
                : Incidents(("Q1", "acknowledged"))));

        Assert.Equal(
            new FoundIncident(
                new PagerDutyIncident("Q1", "https://acme.pagerduty.com/incidents/Q1", "acknowledged"),
                new PagerDutyAlert("A1", Key, "triggered") { Texts = found.Found?.Alert.Texts ?? [] }),
            found.Found);
        Assert.Equal(
            $"/incidents?incident_key={EncodedKey}&date_range=all&statuses%5B%5D=triggered&statuses%5B%5D=acknowledged&statuses%5B%5D=resolved"
            + "&sort_by=created_at%3Adesc&limit=100",
            calls[0].Path);
        Assert.Equal($"/incidents/Q1/alerts?alert_key={EncodedKey}&limit=100&offset=0", calls[1].Path);
    }

    [Fact]
    public void An_open_incident_comes_before_a_newer_resolved_one_and_of_two_open_ones_the_newer() => Assert.Equal(
        "Q2",
        Run((rest, _) => FindAsync(rest), call => ScriptedPagerDuty.Json(200, call.Path.Contains("/alerts", StringComparison.Ordinal)
            ? Alerts(("A1", Key, "triggered"))
            : Incidents(("Q3", "resolved"), ("Q2", "triggered"), ("Q1", "acknowledged")))).Found?.Incident.Id);

    /// <summary>As when the filter was ignored.</summary>
    [Fact]
    public void Incidents_whose_alerts_have_other_keys_are_not_it_also_in_another_case()
    {
        var (outcome, found) = Run((rest, _) => FindAsync(rest), call => ScriptedPagerDuty.Json(200, call.Path.Contains("/alerts", StringComparison.Ordinal)
            ? Alerts(("A1", Key.ToUpperInvariant(), "triggered"), ("A2", null, "triggered"))
            : Incidents(("Q1", "triggered"), ("Q2", "triggered"))));

        Assert.Equal((ApiResult.Done, null), (outcome.Result, found));
    }

    [Fact]
    public void An_alert_may_be_resolved_while_its_incident_is_open()
    {
        var (_, found) = Run((rest, _) => FindAsync(rest), call => ScriptedPagerDuty.Json(200, call.Path.Contains("/alerts", StringComparison.Ordinal)
            ? Alerts(("A1", Key, "resolved"))
            : Incidents(("Q1", "triggered"))));

        Assert.Equal((false, true), (found?.Incident.IsResolved, found?.Alert.IsResolved));
    }

    [Fact]
    public void No_incident_is_an_answer_and_an_unreadable_one_is_not()
    {
        var none = Run((rest, _) => FindAsync(rest), _ => ScriptedPagerDuty.Json(200, Incidents()));
        var other = Run((rest, _) => FindAsync(rest), _ => ScriptedPagerDuty.Json(200, """{"items":[]}"""));
        var alerts = Run((rest, _) => FindAsync(rest), call => call.Path.Contains("/alerts", StringComparison.Ordinal)
            ? ScriptedPagerDuty.Json(503, "{}") : ScriptedPagerDuty.Json(200, Incidents(("Q1", "triggered"))));

        Assert.Equal(
            [(ApiResult.Done, true), (ApiResult.Unavailable, true), (ApiResult.Unavailable, true)],
            new[] { none, other, alerts }.Select(one => (one.Outcome.Result, one.Found is null)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task An_empty_key_would_find_every_incident_and_is_refused(string key)
    {
        var time = TimeProvider.System;
        await using var instance = new PagerDutyInstance(time, new MemoryTables(time), new ScriptedPagerDuty(time));

        await Assert.ThrowsAsync<ArgumentException>(() => instance.Rest.FindIncidentAsync(Claim, key, CancellationToken.None));
    }

    [Fact]
    public void Alerts_are_read_page_by_page()
    {
        var (ids, paths) = Run(
            async (rest, pagerDuty) =>
            {
                var (_, alerts) = await rest.ListAlertsAsync(Claim, "Q/1", CancellationToken.None);
                return (alerts?.Select(alert => alert.Id).ToList(), pagerDuty.Calls.Select(call => call.Path).ToList());
            },
            call => ScriptedPagerDuty.Json(200, call.Path.EndsWith("offset=100", StringComparison.Ordinal)
                ? """{"alerts":[{"id":"A2","alert_key":null}],"more":false}"""
                : """{"alerts":[{"id":"A1","alert_key":"k","status":"Triggered"},{"no":"id"},7],"more":true}"""));

        Assert.Equal(["A1", "A2"], ids);
        Assert.Equal(["/incidents/Q%2F1/alerts?limit=100&offset=0", "/incidents/Q%2F1/alerts?limit=100&offset=100"], paths);
    }

    [Fact]
    public void Alerts_that_never_end_are_read_up_to_a_thousand() => Assert.Equal(
        10,
        Run(
            async (rest, _) => (await rest.ListAlertsAsync(Claim, "Q1", CancellationToken.None)).Alerts?.Count,
            _ => ScriptedPagerDuty.Json(200, """{"alerts":[{"id":"A1"}],"more":true}""")));

    [Fact]
    public void Notes_come_with_their_ids_and_texts()
    {
        var (_, notes) = Run(
            (rest, _) => rest.ListNotesAsync(Claim, "Q1", CancellationToken.None),
            _ => ScriptedPagerDuty.Json(200, """
                {"notes":[
                  {"id":"N1","user":{"id":"PU1","summary":"Ada"},"content":"fixed","created_at":"2026-11-01T10:00:00Z"},
                  {"id":"N2","user":null,"content":""}]}
                """));

        Assert.Equal([new PagerDutyNote("N1", "fixed"), new PagerDutyNote("N2", "")], notes);
    }

    [Theory]
    [InlineData("""{"note":{"id":"N1","content":"hello"}}""", "Done")]
    [InlineData("""{"note":{"content":"hello"}}""", "Unavailable")]
    [InlineData("""{"note":null}""", "Unavailable")]
    [InlineData("[]", "Unavailable")]
    [InlineData("", "Unavailable")]
    public void A_note_is_there_when_PagerDuty_returns_it(string body, string result) => Assert.Equal(
        result,
        Run(
            (rest, _) => rest.AddNoteAsync(Claim, "Q1", "hello", _ => Task.FromResult<string?>(null), CancellationToken.None),
            _ => ScriptedPagerDuty.Json(200, body)).Outcome.Result.ToString());

    [Fact]
    public void A_note_that_is_no_longer_wanted_is_not_sent() => Assert.Equal(
        (ApiResult.NotSent, "sent meanwhile", 0),
        Run(async (rest, pagerDuty) =>
        {
            var (outcome, _) = await rest.AddNoteAsync(Claim, "Q1", "hello", _ => Task.FromResult<string?>("sent meanwhile"), CancellationToken.None);
            return (outcome.Result, outcome.Detail, pagerDuty.Calls.Count);
        }));

    [Theory]
    [InlineData(400, 1001, "Conflict", 409)]
    [InlineData(400, 1019, "Conflict", 409)]
    [InlineData(409, null, "Conflict", 409)]
    [InlineData(400, 2001, "Rejected", 400)]
    [InlineData(401, 2006, "NotAllowed", 401)]
    [InlineData(400, 2006, "NotAllowed", 401)]
    [InlineData(403, 2010, "NotAllowed", 403)]
    [InlineData(400, 1008, "NotAllowed", 403)]
    [InlineData(400, 1018, "NotAllowed", 403)]
    [InlineData(400, 1028, "NotAllowed", 403)]
    [InlineData(402, 2014, "NotAllowed", 403)]
    [InlineData(402, 9999, "NotAllowed", 403)]
    [InlineData(404, 5001, "NotFound", 404)]
    [InlineData(400, 2100, "NotFound", 404)]
    [InlineData(429, 2020, "Unavailable", 429)]
    [InlineData(403, 2020, "Unavailable", 429)]
    [InlineData(429, null, "Unavailable", 429)]
    [InlineData(400, 2016, "Unavailable", 400)]
    [InlineData(400, 1005, "Unavailable", 400)]
    [InlineData(408, null, "Unavailable", 408)]
    [InlineData(500, 2000, "Unavailable", 500)]
    [InlineData(413, null, "Rejected", 413)]
    public void A_code_says_what_an_error_is_before_the_status_does(int status, int? code, string result, int meant)
    {
        var body = code is null ? "{}" : $$"""{"error": {"errors":["Content cannot be empty."],"message":"Something","code": {{code}} } }""";
        var (outcome, _) = Run((rest, _) => rest.GetIncidentAsync(Claim, "Q1", CancellationToken.None), _ => ScriptedPagerDuty.Json(status, body));

        Assert.Equal((result, meant), (outcome.Result.ToString(), outcome.Status));
        if (code is not null) Assert.EndsWith($": Something: Content cannot be empty. (code {code})", outcome.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>Sign in</html>", "text/html", "Unavailable")]
    [InlineData(404, "<html>Not found</html>", "text/html", "Unavailable")]
    [InlineData(200, """{"incident":{"id":"Q1","status":"trig""", "application/json", "Unavailable")]
    [InlineData(200, """{"incident":{"id":"Q1"}}""", "application/json", "Unavailable")]
    [InlineData(200, """{"incident":{"id":5,"status":"RESOLVED"}}""", "application/json", "Done")]
    [InlineData(204, "", "application/json", "Unavailable")]
    [InlineData(301, "", "application/json", "Unavailable")]
    public void A_response_of_another_form_is_not_PagerDutys(int status, string body, string mediaType, string result)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };

        var (outcome, incident) = Run((rest, _) => rest.GetIncidentAsync(Claim, "Q1", CancellationToken.None), _ => response);

        Assert.Equal((result, outcome.Result == ApiResult.Done), (outcome.Result.ToString(), incident is not null));
        if (incident is not null) Assert.Equal(new PagerDutyIncident("5", null, "resolved"), incident);
    }

    [Fact]
    public void An_endless_response_is_an_outage() => Assert.Equal(
        ApiResult.Unavailable,
        Run(
            (rest, _) => rest.GetIncidentAsync(Claim, "Q1", CancellationToken.None),
            _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[9 * 1024 * 1024]) }).Outcome.Result);

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    public void An_id_that_cannot_be_in_a_path_changes_no_path(string id) => Assert.Equal(
        "/incidents/-/notes",
        Run(async (rest, pagerDuty) =>
        {
            await rest.ListNotesAsync(Claim, id, CancellationToken.None);
            return pagerDuty.Calls[0].Path;
        }));

    [Theory]
    [InlineData("""{"users":[{"email":"Bridge@Example.com"}]}""", true)]
    [InlineData("""{"users":[{"email":"bridge@example.com.au"},{"name":"bridge@example.com"}]}""", false)]
    [InlineData("""{"users":[]}""", false)]
    [InlineData("""{"error":"?"}""", null)]
    public void A_key_is_checked_by_reading_the_user_of_the_from_address(string body, bool? known)
    {
        var (answer, path) = Run(
            async (rest, pagerDuty) =>
            {
                var candidate = new RestCredential("another-key", "https://pagerduty.example.com", "bridge@example.com") { ConnectionId = "new" };
                return (await rest.CheckKeyAsync(candidate, CancellationToken.None), pagerDuty.Calls[0].Path);
            },
            _ => ScriptedPagerDuty.Json(200, body));

        Assert.Equal((known, "/users?query=bridge%40example.com&limit=100"), (answer.KnowsUser, path));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(503)]
    public void A_key_without_the_right_to_subscriptions_does_not_show_as_failing(int status) => Assert.Equal(
        ApiResult.Done,
        Run(
            async (rest, _) =>
            {
                await rest.ListSubscriptionsAsync(CancellationToken.None);
                return await rest.GetLatestAsync(CancellationToken.None);
            },
            call => call.Path.StartsWith("/webhook", StringComparison.Ordinal)
                ? ScriptedPagerDuty.Json(status, "{}") : ScriptedPagerDuty.Json(200, "{\"users\":[]}")).Result);

    [Fact]
    public void A_429_pauses_the_key_on_every_instance() => Assert.InRange(
        VirtualWorld.Run(async world =>
        {
            var (pagerDuty, tables) = (new ScriptedPagerDuty(world.Time), new MemoryTables(world.Time));
            await using var one = new PagerDutyInstance(world.Time, tables, pagerDuty);
            await using var another = new PagerDutyInstance(world.Time, tables, pagerDuty);
            var start = world.Time.GetUtcNow();
            pagerDuty.Answer = _ => pagerDuty.Calls.Count == 1
                ? ScriptedPagerDuty.Json(429, "", ("ratelimit-reset", "20"))
                : ScriptedPagerDuty.Json(200, Incidents());
            Assert.Equal(ApiResult.Unavailable, (await one.Rest.FindIncidentAsync(Claim, Key, CancellationToken.None)).Outcome.Result);
            await another.Rest.FindIncidentAsync(Claim, Key, CancellationToken.None);
            return (world.Time.GetUtcNow() - start).TotalSeconds;
        }),
        20, 22);

    [Theory]
    [InlineData("""{"id":"P1","active":true,"delivery_method":{"url":"https://a.example.com/x","temporarily_disabled":false}}""", true, false)]
    [InlineData("""{"id":"P1","active":true,"delivery_method":{"url":"https://a.example.com/x","temporarily_disabled":true}}""", true, true)]
    [InlineData("""{"id":"P1","active":false,"delivery_method":{"url":"https://a.example.com/x"}}""", false, false)]
    [InlineData("""{"id":"P1","delivery_method":{"url":"https://a.example.com/x","temporarily_disabled":"maybe"}}""", true, false)]
    public void A_subscription_shows_whether_it_is_switched_off(string body, bool isActive, bool isDisabled) => Assert.Equal(
        new WebhookSubscription("P1", "https://a.example.com/x", isActive, isDisabled),
        Run(
            (rest, _) => rest.ListSubscriptionsAsync(CancellationToken.None),
            _ => ScriptedPagerDuty.Json(200, $$"""{"webhook_subscriptions": [{{body}}]}""")).Subscriptions?.Single());

    private static Task<(ApiOutcome Outcome, FoundIncident? Found)> FindAsync(PagerDutyClient rest) =>
        rest.FindIncidentAsync(Claim, Key, CancellationToken.None);

    /// <summary>As PagerDuty sends them: the key of an incident with alerts is null.</summary>
    private static string Incidents(params (string Id, string Status)[] incidents)
    {
        var all = incidents.Select(one =>
            $$"""{"id":"{{one.Id}}","status":"{{one.Status}}","incident_key":null,"html_url":"https://acme.pagerduty.com/incidents/{{one.Id}}"}""");
        return $$"""{"incidents":[{{string.Join(',', all)}}],"limit":100,"offset":0,"total":null,"more":false}""";
    }

    private static string Alerts(params (string Id, string? Key, string Status)[] alerts)
    {
        var all = alerts.Select(one =>
            $$"""{"id":"{{one.Id}}","type":"alert","alert_key":{{(one.Key is null ? "null" : $"\"{one.Key}\"")}},"status":"{{one.Status}}"}""");
        return $$"""{"alerts":[{{string.Join(',', all)}}],"limit":100,"offset":0,"more":false}""";
    }

    private static T Run<T>(Func<PagerDutyClient, ScriptedPagerDuty, Task<T>> act, Func<ReceivedCall, HttpResponseMessage?>? answer = null) =>
        VirtualWorld.Run(async world =>
        {
            var pagerDuty = new ScriptedPagerDuty(world.Time) { Answer = answer ?? (_ => null) };
            await using var instance = new PagerDutyInstance(world.Time, new MemoryTables(world.Time), pagerDuty);
            return await act(instance.Rest, pagerDuty);
        });
}
