using System.Net;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Simulator.PagerDuty;

public sealed class PagerDutyRestTests
{
    [Theory]
    [InlineData("Token rest-key")]
    [InlineData("Bearer rest-key")]
    [InlineData("Token token=other")]
    [InlineData("Token token=\"rest-key\"")]
    public async Task A_key_in_any_other_form_is_refused(string authorization)
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        driver.Http.DefaultRequestHeaders.Remove("Authorization");
        driver.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        var response = await driver.GetAsync("/incidents");

        Assert.Equal(401, response.Status);
        Assert.Contains("\"code\":2006", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_is_found_by_the_key_of_its_alerts_although_it_shows_none()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var incident = await driver.TriggerAsync("bigpanda:a b:1");
        await driver.TriggerAsync("other:1");

        var found = await ListAsync(driver, $"?incident_key={Uri.EscapeDataString("bigpanda:a b:1")}&date_range=all");

        Assert.Equal(incident, (string?)Assert.Single(found)?["id"]);
        Assert.Null(found[0]?["incident_key"]);
        var alerts = JsonNode.Parse((await driver.GetAsync($"/incidents/{incident}/alerts")).Body)?["alerts"] as JsonArray;
        Assert.Equal("bigpanda:a b:1", (string?)alerts?[0]?["alert_key"]);
    }

    [Fact]
    public async Task An_empty_key_filters_nothing()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        await driver.TriggerAsync("a:1");
        await driver.TriggerAsync("b:1");

        Assert.Equal(2, (await ListAsync(driver, "?incident_key=&date_range=all")).Count);
    }

    [Fact]
    public async Task The_search_lags_and_reaches_back_a_month_unless_all_is_asked_for()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero));
        await using var driver = await PagerDutyDriver.StartAsync(time);
        await driver.PutAsync("/_simulator/settings", """{"searchLagMs":5000}""");
        await driver.TriggerAsync("a:1");

        Assert.Empty(await ListAsync(driver, "?incident_key=a:1&date_range=all"));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(await ListAsync(driver, "?incident_key=a:1"));
        time.Advance(TimeSpan.FromDays(31));
        Assert.Empty(await ListAsync(driver, "?incident_key=a:1"));
        Assert.Single(await ListAsync(driver, "?incident_key=a:1&date_range=all"));
    }

    [Fact]
    public async Task Lists_are_filtered_by_status_sorted_and_paged()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        List<string> ids = [];
        for (var i = 0; i < 3; i++) ids.Add(await driver.TriggerAsync($"a:{i}"));
        await driver.ActAsync(ids[0], "resolve");

        var open = await ListAsync(driver, "?statuses[]=triggered&statuses[]=acknowledged&sort_by=created_at:desc&date_range=all");
        Assert.Equal([ids[2], ids[1]], open.Select(one => (string?)one?["id"]));
        var page = JsonNode.Parse((await driver.GetAsync("/incidents?limit=2&offset=0&date_range=all")).Body);
        Assert.Equal((2, true), ((page?["incidents"] as JsonArray)?.Count, (bool?)page?["more"]));
        Assert.Equal(400, (await driver.GetAsync("/incidents?limit=101")).Status);
        Assert.Equal(400, (await driver.GetAsync("/incidents?limit=100&offset=9901")).Status);
    }

    [Theory]
    [InlineData(null, 2001)]
    [InlineData("not an address", 1028)]
    [InlineData("stranger@example.com", 1008)]
    public async Task A_write_needs_the_address_of_a_user(string? from, int code)
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var incident = await driver.TriggerAsync("a:1");
        driver.Http.DefaultRequestHeaders.Remove("From");
        if (from is not null) driver.Http.DefaultRequestHeaders.TryAddWithoutValidation("From", from);

        var response = await driver.PostAsync($"/incidents/{incident}/notes", """{"note":{"content":"hello"}}""");

        Assert.Equal(400, response.Status);
        Assert.Contains($"\"code\":{code}", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_is_written_with_200_also_on_a_resolved_incident_and_named_after_From()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var incident = await driver.TriggerAsync("a:1");
        Assert.Equal(200, (await driver.PutAsync($"/incidents/{incident}", """{"incident":{"type":"incident_reference","status":"resolved"}}""")).Status);

        var written = await driver.PostAsync($"/incidents/{incident}/notes", """{"note":{"content":"hello"}}""");

        Assert.Equal(200, written.Status);
        var notes = JsonNode.Parse((await driver.GetAsync($"/incidents/{incident}/notes")).Body)?["notes"] as JsonArray;
        Assert.Equal(("hello", "bridge"), ((string?)notes?[0]?["content"], (string?)notes?[0]?["user"]?["summary"]));
        var webhook = (await driver.WaitForAsync(3)).Single(one => one.Type == "incident.annotated").Event;
        Assert.Equal("user_reference", (string?)webhook["agent"]?["type"]);
    }

    [Fact]
    public async Task Resolving_twice_is_refused_with_PagerDutys_code()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var incident = await driver.TriggerAsync("a:1");
        await driver.ActAsync(incident, "resolve");

        var again = await driver.PutAsync($"/incidents/{incident}", """{"incident":{"type":"incident_reference","status":"resolved"}}""");

        Assert.Equal(400, again.Status);
        Assert.Contains("\"code\":1001", again.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_that_a_person_reopens_fires_its_alerts_again()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var incident = await driver.TriggerAsync("a:1");
        await driver.ActAsync(incident, "resolve");
        await driver.ActAsync(incident, "reopen", """{"by":"Ada"}""");

        Assert.Equal(["incident.triggered", "incident.resolved", "incident.reopened"], (await driver.WaitForAsync(3)).Select(one => one.Type));
        Assert.True(Assert.Single(driver.Simulator.Account.AlertsOf(incident)).IsOpen);
    }

    [Fact]
    public async Task The_rate_is_limited_and_the_headers_say_so()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        await driver.PutAsync("/_simulator/settings", """{"restCallsPerMinute":2}""");

        using var first = await driver.Http.GetAsync("/users");
        await driver.GetAsync("/users");
        using var third = await driver.Http.GetAsync("/users");

        Assert.Equal((HttpStatusCode.OK, "2", "1"), (first.StatusCode, Header(first, "ratelimit-limit"), Header(first, "ratelimit-remaining")));
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.InRange(int.Parse(Header(third, "ratelimit-reset")), 1, 60);
        Assert.Contains("\"code\":2020", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
    }

    [Fact]
    public async Task Users_are_found_by_name_and_address()
    {
        await using var driver = await PagerDutyDriver.StartAsync();

        var found = JsonNode.Parse((await driver.GetAsync("/users?query=bridge@example.com")).Body)?["users"] as JsonArray;

        var user = Assert.Single(found ?? []);
        Assert.Equal("bridge@example.com", (string?)user?["email"]);
        Assert.Equal(200, (await driver.GetAsync($"/users/{user?["id"]}")).Status);
        Assert.Equal(400, (await driver.GetAsync("/users/me")).Status);
    }

    [Fact]
    public async Task A_subscription_shows_its_secret_once()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var created = await driver.PostAsync(
            "/webhook_subscriptions",
            """
            {"webhook_subscription":{"type":"webhook_subscription","delivery_method":{"type":"http_delivery_method","url":"http://localhost:1/x"},
            "events":["incident.resolved"],"filter":{"type":"account_reference"}}}
            """);

        Assert.Equal(201, created.Status);
        var shown = JsonNode.Parse(created.Body)?["webhook_subscription"];
        Assert.NotEmpty((string?)shown?["delivery_method"]?["secret"] ?? "");
        var later = JsonNode.Parse((await driver.GetAsync($"/webhook_subscriptions/{shown?["id"]}")).Body)?["webhook_subscription"];
        Assert.Null(later?["delivery_method"]?["secret"]);
    }

    [Theory]
    [InlineData("""{"match":"events","status":500}""", 500, "application/json")]
    [InlineData("""{"match":"events","status":429,"retryAfter":"5"}""", 429, "application/json")]
    [InlineData("""{"match":"events","status":502,"html":true}""", 502, "text/html")]
    public async Task Faults_answer_events(string fault, int status, string mediaType)
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        Assert.Equal(200, (await driver.PostAsync("/_simulator/faults", $"[{fault}]")).Status);

        using var response = await driver.Http.PostAsync("/v2/enqueue", new StringContent("{}"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_event_applied()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        driver.Simulator.Faults.Add(new Fault("events", LoseAnswer: true));

        await Assert.ThrowsAsync<HttpRequestException>(() => driver.TriggerAsync("a:1"));

        Assert.Single(driver.Simulator.Account.Incidents);
        Assert.Equal(0, driver.Simulator.Requests[0].Status);
    }

    [Fact]
    public async Task An_unknown_fault_is_named()
    {
        await using var driver = await PagerDutyDriver.StartAsync();

        var refused = await driver.PostAsync("/_simulator/faults", """[{"match":"resolve","status":500}]""");

        Assert.Equal(400, refused.Status);
        Assert.Contains("must be one of events, incidents, alerts, notes, users, subscriptions, rest, webhook", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_find_incidents_by_id_or_by_key()
    {
        await using var driver = await PagerDutyDriver.StartAsync();
        var incident = await driver.TriggerAsync("bigpanda:a:1");

        Assert.Equal(200, (await driver.ActAsync("bigpanda:a:1", "reassign", """{"to":"Grace"}""")).Status);
        Assert.Equal(200, (await driver.ActAsync(incident, "prioritize", """{"priority":"P1"}""")).Status);
        Assert.Equal(409, (await driver.ActAsync(incident, "merge", """{"into":"nowhere"}""")).Status);
        Assert.Equal(404, (await driver.ActAsync("nowhere", "acknowledge")).Status);

        var seen = await driver.GetAsync($"/_simulator/incidents/{incident}");
        Assert.Contains("Grace", seen.Body, StringComparison.Ordinal);
        Assert.Contains("P1", seen.Body, StringComparison.Ordinal);
        Assert.Equal(
            ["incident.triggered", "incident.reassigned", "incident.priority_updated"], (await driver.WaitForAsync(3)).Select(one => one.Type));
    }

    private static async Task<JsonArray> ListAsync(PagerDutyDriver driver, string query)
    {
        var response = await driver.GetAsync("/incidents" + query);
        Assert.Equal(200, response.Status);
        return JsonNode.Parse(response.Body)?["incidents"] as JsonArray ?? throw new InvalidOperationException("No list.");
    }
}
