using System.Net;
using System.Text.Json.Nodes;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.PagerDuty;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Connection;

/// <summary>The routes of the connection, against the simulator.</summary>
public sealed class PagerDutyOverHttpTests : IAsyncLifetime
{
    private const string Key = "K0000000000000000000000000000001";
    private const string OtherKey = "K0000000000000000000000000000002";
    private const string RestKey = "the-rest-key";
    private const string From = "bridge@example.com";
    private const string Secret = "secret-of-the-first-subscription";
    private const string FileName = "pagerduty-connection.json";

    private RunningBridge? _bridge;
    private PagerDutySimulator? _pagerDuty;

    private RunningBridge Bridge => _bridge ?? throw new InvalidOperationException("xunit has not started the bridge.");

    private PagerDutySimulator PagerDuty => _pagerDuty ?? throw new InvalidOperationException("xunit has not started the simulator.");

    public async Task InitializeAsync()
    {
        _pagerDuty = await PagerDutySimulator.StartAsync(
            0, new PagerDutySimulatorOptions { RestKey = RestKey, From = From, EventsPerMinute = 0 }, TimeProvider.System, NullLoggerFactory.Instance,
            CancellationToken.None);
        _bridge = await RunningBridge.StartAsync(options => options with
        {
            Settings = new Dictionary<string, string?>
            {
                ["PagerDuty__Mode"] = "on",
                ["PagerDuty__EventsBaseUrl"] = PagerDuty.Url.AbsoluteUri,
                ["PagerDuty__RestBaseUrl"] = PagerDuty.Url.AbsoluteUri,
                ["PagerDuty__EventsPerMinute"] = "6000",
                ["Sources__PublicBaseUrl"] = "https://bridge.example.com",
            },
        });
    }

    public async Task DisposeAsync()
    {
        await Bridge.DisposeAsync();
        await PagerDuty.DisposeAsync();
    }

    [Fact]
    public async Task At_first_nothing_is_connected_and_nothing_is_called()
    {
        var (status, view) = await Bridge.GetAsync("/pagerduty");

        Assert.Equal((HttpStatusCode.OK, false, "on"), (status, (bool?)view["connected"], (string?)view["mode"]));
        Assert.Equal("connection-not-found", (string?)(await Bridge.PostAsync("/pagerduty/test")).Body["code"]);
        Assert.Equal("connection-not-found", (string?)(await Bridge.PostAsync("/pagerduty/subscription")).Body["code"]);
        Assert.Equal(HttpStatusCode.NoContent, (await Bridge.DeleteAsync("/pagerduty")).Status);
        var (_, ready) = await Bridge.GetReadyAsync();
        Assert.DoesNotContain(ready["dependencies"]?.AsArray() ?? [], one => (string?)one?["name"] == "pagerDuty");
        Assert.Contains("PagerDuty is not connected: nothing is paged", Notices(ready), StringComparison.Ordinal);
        Assert.Empty(PagerDuty.Requests);
    }

    [Fact]
    public async Task A_connection_is_checked_stored_in_the_protected_file_and_shown_without_its_secrets()
    {
        var (status, view) = await PutAsync(new
        {
            routingKey = Key,
            routingKeys = new { database = OtherKey },
            restKey = RestKey,
            from = From,
            webhookSecrets = new[] { Secret },
            policy = new { fireDelaySeconds = 60, rules = new[] { new { environment = "Production", key = "database" } } },
            actor = "ada",
        });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            (true, "us", From, "ada", 60, "database"),
            ((bool?)view["connected"], (string?)view["region"], (string?)view["from"], (string?)view["connectedBy"], (int?)view["policy"]?["fireDelaySeconds"],
                (string?)view["policy"]?["rules"]?[0]?["key"]));
        Assert.Equal(
            [(null, PagerDutyCredential.IdOf(Key)), ("database", PagerDutyCredential.IdOf(OtherKey))],
            view["routingKeys"]?.AsArray().Select(key => ((string?)key?["name"], (string?)key?["keyId"])));
        Assert.Equal(PagerDutyCredential.IdOf(Secret), (string?)view["webhookSecrets"]?[0]?["id"]);
        Assert.NotNull((string?)view["checkedAt"]);
        Assert.Equal(["/users"], PagerDuty.Requests.Select(request => request.Path));
        var shown = (await Bridge.GetAsync("/pagerduty")).Body.ToJsonString();
        Assert.Equal(view.ToJsonString(), shown);
        Assert.All(new[] { Key, OtherKey, RestKey, Secret }, secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
        Assert.Contains(RestKey, await File.ReadAllTextAsync(Path.Combine(Bridge.Folder, FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_REST_key_that_cannot_be_checked_changes_nothing()
    {
        await PutAsync(new { routingKey = Key });
        var before = await File.ReadAllTextAsync(Path.Combine(Bridge.Folder, FileName));
        foreach (var (pagerDuty, status, code) in new[]
                 {
                     (401, 422, "api-key-rejected"), (403, 422, "api-key-forbidden"), (404, 422, "not-pagerduty"), (302, 422, "not-pagerduty"),
                     (200, 422, "not-pagerduty"), (500, 503, "pagerduty-unavailable"), (429, 503, "pagerduty-unavailable"),
                 })
        {
            PagerDuty.Faults.Add(new Fault(PagerDutyFaults.Users, Status: pagerDuty));

            var (answered, problem) = await PutAsync(new { restKey = "another-rest-key", from = From });

            Assert.Equal((status, code), ((int)answered, (string?)problem["code"]));
            Assert.EndsWith("Nothing was changed.", (string?)problem["detail"], StringComparison.Ordinal);
            Assert.DoesNotContain("another-rest-key", problem.ToJsonString(), StringComparison.Ordinal);
            Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(Bridge.Folder, FileName)));
        }
    }

    [Fact]
    public async Task A_key_that_PagerDuty_does_not_know_or_a_user_that_it_does_not_is_refused()
    {
        var (_, wrongKey) = await PutAsync(new { routingKey = Key, restKey = "wrong", from = From });
        var (_, wrongUser) = await PutAsync(new { routingKey = Key, restKey = RestKey, from = "stranger@example.com" });
        var (_, wrongField) = await PutAsync(new { routingKey = "short" });

        Assert.Equal(
            ["api-key-rejected", "pagerduty-user-not-found", "invalid-connection"],
            new[] { wrongKey, wrongUser, wrongField }.Select(one => (string?)one["code"]));
        Assert.Equal("routingKey", (string?)wrongField["field"]);
        Assert.False((bool?)(await Bridge.GetAsync("/pagerduty")).Body["connected"]);
    }

    [Fact]
    public async Task Two_requests_at_once_lose_nothing_of_each_other()
    {
        await PutAsync(new { routingKey = Key });
        // The first has read what is stored, and waits for PagerDuty.
        PagerDuty.Faults.Add(new Fault(PagerDutyFaults.Users, DelayMs: 1000));

        var answers = await Task.WhenAll(PutAsync(new { restKey = RestKey, from = From }), PutAsync(new { webhookSecrets = new[] { Secret } }));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var (_, view) = await Bridge.GetAsync("/pagerduty");
        Assert.Equal((From, PagerDutyCredential.IdOf(Secret)), ((string?)view["from"], (string?)view["webhookSecrets"]?[0]?["id"]));
    }

    [Fact]
    public async Task A_policy_can_be_changed_while_PagerDuty_is_down_and_keeps_the_history()
    {
        await PutAsync(new { routingKey = Key, restKey = RestKey, from = From });
        await Bridge.GetReadyAsync();
        var success = await SuccessAsync();
        PagerDuty.Faults.Add(new Fault(PagerDutyFaults.Rest, Status: 500, Times: 0));

        var (status, view) = await PutAsync(new { policy = new { fireDelaySeconds = 5 } });

        Assert.Equal((HttpStatusCode.OK, 5), (status, (int?)view["policy"]?["fireDelaySeconds"]));
        Assert.NotNull(success);
        Assert.Equal(success, await SuccessAsync());
        Assert.NotNull((string?)view["checkedAt"]);

        async Task<string?> SuccessAsync() => (string?)(await Bridge.GetAsync("/pagerduty")).Body["restKey"]?["lastSuccessAt"];
    }

    [Theory]
    [InlineData(null, Key)]
    [InlineData("Database", OtherKey)]
    public async Task A_test_opens_a_page_with_the_key_and_resolves_it(string? name, string key)
    {
        await PutAsync(new { routingKey = Key, routingKeys = new { database = OtherKey } });

        var (status, view) = await Bridge.PostAsync("/pagerduty/test", new { key = name, actor = "ada" });

        Assert.Equal((HttpStatusCode.OK, true, true), (status, (bool?)view["triggered"]?["accepted"], (bool?)view["resolved"]?["accepted"]));
        Assert.Equal(PagerDutyCredential.IdOf(key), (string?)view["keyId"]);
        Assert.Equal(
            [("trigger", key, (string?)view["dedupKey"]), ("resolve", key, (string?)view["dedupKey"])],
            PagerDuty.Requests.Select(request => JsonNode.Parse(request.Body ?? "")).Select(
                sent => ((string?)sent?["event_action"], (string?)sent?["routing_key"], (string?)sent?["dedup_key"])));
        Assert.All(PagerDuty.Account.Incidents, incident => Assert.Equal("resolved", incident.Status));
        var shown = (await Bridge.GetAsync("/pagerduty")).Body["routingKeys"]?.AsArray().Single(one => (string?)one?["keyId"] == (string?)view["keyId"]);
        Assert.NotNull((string?)shown?["lastSuccessAt"]);
    }

    [Theory]
    [InlineData(400, 422, "routing-key-rejected", 1)]
    [InlineData(429, 503, "pagerduty-unavailable", 1)]
    public async Task A_test_that_opened_no_page_says_what_PagerDuty_said(int pagerDuty, int status, string code, int events)
    {
        await PutAsync(new { routingKey = Key });
        PagerDuty.Faults.Add(new Fault(PagerDutyFaults.Events, Status: pagerDuty, RetryAfter: "60"));

        var (answered, problem) = await Bridge.PostAsync("/pagerduty/test");

        Assert.Equal((status, code), ((int)answered, (string?)problem["code"]));
        Assert.Equal(events, PagerDuty.Requests.Count);
        Assert.Equal("routing-key-not-found", (string?)(await Bridge.PostAsync("/pagerduty/test", new { key = "unknown" })).Body["code"]);
    }

    [Fact]
    public async Task A_test_page_that_may_be_open_is_resolved()
    {
        await PutAsync(new { routingKey = Key });
        PagerDuty.Faults.Add(new Fault(PagerDutyFaults.Events, LoseAnswer: true));

        var (status, problem) = await Bridge.PostAsync("/pagerduty/test");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.EndsWith("If a page was opened all the same, it was resolved.", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal("resolved", Assert.Single(PagerDuty.Account.Incidents).Status);
    }

    [Fact]
    public async Task A_subscription_that_was_seen_or_has_our_address_is_watched_and_enabled_again()
    {
        await PutAsync(new { routingKey = Key, restKey = RestKey, from = From });
        var byAddress = PagerDuty.Subscribe(new Uri("https://bridge.example.com/api/webhooks/pagerduty"), Secret, "incident.resolved");
        var seen = PagerDuty.Subscribe(new Uri("https://gateway.example.com/hooks"), Secret, "incident.resolved");
        PagerDuty.Subscribe(new Uri("https://another-bridge.example.com/api/webhooks/pagerduty"), Secret, "incident.resolved");
        await Bridge.Host.Services.GetRequiredService<SubscriptionStore>().NoteAsync(seen, CancellationToken.None);
        Assert.Equal([$"{seen} unknown"], await StatesAsync());
        for (var drop = 0; drop < 3; drop++) PagerDuty.Subscriptions.Dropped(seen);

        // The notices are listed from what the check has stored.
        await Bridge.GetReadyAsync();
        var (_, ready) = await Bridge.GetReadyAsync();
        var disabled = await StatesAsync();
        var (status, view) = await Bridge.PostAsync("/pagerduty/subscription");

        Assert.Contains($"has disabled the webhook subscription {seen} for a day", Notices(ready), StringComparison.Ordinal);
        Assert.Equal(new[] { $"{byAddress} on", $"{seen} disabled" }.Order(), disabled.Order());
        Assert.Equal((HttpStatusCode.OK, "on"), (status, (string?)view["subscriptions"]?.AsArray().Single(one => (string?)one?["id"] == seen)?["state"]));
        Assert.Equal(new[] { $"{byAddress} on", $"{seen} on" }.Order(), (await StatesAsync()).Order());
        Assert.Single(PagerDuty.Requests, request => request.Path.EndsWith("/enable", StringComparison.Ordinal));
        Assert.Single(Bridge.Log.Lines, line => line.Contains($"has disabled the webhook subscription {seen}", StringComparison.Ordinal));

        async Task<List<string>> StatesAsync() =>
            [.. (await Bridge.GetAsync("/pagerduty")).Body["subscriptions"]?.AsArray().Select(one => $"{one?["id"]} {one?["state"]}") ?? []];
    }

    [Fact]
    public async Task A_subscription_that_was_deleted_is_forgotten_and_without_any_there_is_nothing_to_enable()
    {
        await PutAsync(new { routingKey = Key, restKey = RestKey, from = From });
        await Bridge.Host.Services.GetRequiredService<SubscriptionStore>().NoteAsync("PGONE", CancellationToken.None);

        Assert.Equal("subscription-not-found", (string?)(await Bridge.PostAsync("/pagerduty/subscription")).Body["code"]);
        Assert.Empty((await Bridge.GetAsync("/pagerduty")).Body["subscriptions"]?.AsArray() ?? [null]);
        await PutAsync(new { restKey = (string?)null });
        Assert.Equal("rest-key-missing", (string?)(await Bridge.PostAsync("/pagerduty/subscription")).Body["code"]);
    }

    [Fact]
    public async Task PagerDuty_is_a_dependency_that_is_called_at_most_once_a_minute()
    {
        await PutAsync(new { routingKey = Key, restKey = RestKey, from = From });
        for (var i = 0; i < 3; i++) Assert.Equal((true, "accepts the REST key"), await ReadyAsync());
        Assert.Equal(["/users", "/users", "/webhook_subscriptions"], PagerDuty.Requests.Select(request => request.Path));

        PagerDuty.Faults.Add(new Fault(PagerDutyFaults.Events, Status: 503, Times: 0));
        await Bridge.Host.Services.GetRequiredService<PagerDutyEventsClient>().EnqueueAsync(
            new CallClaim(CallPriority.Urgent), new PageKey(PagerDutyCredential.IdOf(Key)),
            PagerDutyInstance.Body("""{"event_action":"trigger"}"""), CancellationToken.None);
        var (healthy, detail) = await ReadyAsync();

        Assert.False(healthy);
        Assert.StartsWith("the Events API: 503", detail, StringComparison.Ordinal);
        Assert.Contains("503", (string?)(await Bridge.GetAsync("/pagerduty")).Body["routingKeys"]?[0]?["lastFailure"], StringComparison.Ordinal);

        async Task<(bool?, string?)> ReadyAsync()
        {
            var state = (await Bridge.GetReadyAsync()).Body["dependencies"]?.AsArray().Single(one => (string?)one?["name"] == "pagerDuty");
            return ((bool?)state?["healthy"], (string?)state?["detail"]);
        }
    }

    [Fact]
    public async Task With_open_pages_it_is_disconnected_only_after_they_are_resolved()
    {
        await PutAsync(new { routingKey = Key });
        var page = await OpenPageAsync("incident-1");

        var (status, problem) = await Bridge.DeleteAsync("/pagerduty");
        var (invalid, _) = await Bridge.DeleteAsync("/pagerduty?resolveOpen=perhaps");
        var isConnected = (bool?)(await Bridge.GetAsync("/pagerduty")).Body["connected"];
        var (resolved, _) = await Bridge.DeleteAsync("/pagerduty?resolveOpen=true");

        Assert.Equal((HttpStatusCode.Conflict, "pages-open", 1), (status, (string?)problem["code"], (int?)problem["count"]));
        Assert.Equal([$"incident-1: {page.Id}"], problem["pages"]?.AsArray().Select(one => (string?)one));
        Assert.Equal((HttpStatusCode.BadRequest, true, HttpStatusCode.NoContent), (invalid, isConnected, resolved));
        var sent = JsonNode.Parse(Assert.Single(PagerDuty.Requests).Body ?? "");
        Assert.Equal(
            ("resolve", $"bigpanda:incident-1:{page.Id}", Key),
            ((string?)sent?["event_action"], (string?)sent?["dedup_key"], (string?)sent?["routing_key"]));
        Assert.False((bool?)(await Bridge.GetAsync("/pagerduty")).Body["connected"]);
        Assert.False(File.Exists(Path.Combine(Bridge.Folder, FileName)));
    }

    [Fact]
    public async Task Pages_that_could_not_be_resolved_keep_the_connection()
    {
        await PutAsync(new { routingKey = Key });
        await OpenPageAsync("incident-1");
        PagerDuty.Faults.Add(new Fault(PagerDutyFaults.Events, Status: 500));

        var (status, problem) = await Bridge.DeleteAsync("/pagerduty?resolveOpen=true");

        Assert.Equal((HttpStatusCode.Conflict, "pages-open"), (status, (string?)problem["code"]));
        Assert.True((bool?)(await Bridge.GetAsync("/pagerduty")).Body["connected"]);
        Assert.Equal(HttpStatusCode.NoContent, (await Bridge.DeleteAsync("/pagerduty?resolveOpen=true")).Status);
    }

    [Fact]
    public async Task Off_makes_it_no_dependency_and_no_call()
    {
        await using var off = await RunningBridge.StartAsync(options => options with
        {
            Settings = new Dictionary<string, string?>
            {
                ["PagerDuty__EventsBaseUrl"] = PagerDuty.Url.AbsoluteUri,
                ["PagerDuty__RestBaseUrl"] = PagerDuty.Url.AbsoluteUri,
            },
        });
        await off.PutAsync("/pagerduty", new { routingKey = Key, restKey = RestKey, from = From });
        var calls = PagerDuty.Requests.Count;

        var (_, ready) = await off.GetReadyAsync();

        Assert.DoesNotContain(ready["dependencies"]?.AsArray() ?? [], one => (string?)one?["name"] == "pagerDuty");
        Assert.Equal(calls, PagerDuty.Requests.Count);
    }

    private Task<(HttpStatusCode Status, JsonNode Body)> PutAsync(object body) => Bridge.PutAsync("/pagerduty", body);

    /// <summary>As the alert's rules and the page's action leave it.</summary>
    private async Task<Page> OpenPageAsync(string incidentId)
    {
        var page = PagedAlerts.Page with { Key = new PageKey(PagerDutyCredential.IdOf(Key)), Status = PageStatus.Open };
        var decision = new Decision(PagedAlerts.Of(page: page, incidentId: incidentId), Verdict.Applied, []);
        await Bridge.Host.Services.GetRequiredService<AlertStore>().SaveAsync(null, decision, CancellationToken.None);
        var key = DedupKey.Of(incidentId, page.Id);
        await Bridge.Host.Services.GetRequiredService<PageStore>().ChangeAsync(
            key, new StoredPage(key, incidentId), stored => stored, CancellationToken.None);
        return page;
    }

    private static string Notices(JsonNode ready) => string.Join('\n', ready["notices"]?.AsArray().Select(one => (string?)one) ?? []);
}
