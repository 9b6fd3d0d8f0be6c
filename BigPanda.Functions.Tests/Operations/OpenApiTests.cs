using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Operations;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Operations;

/// <summary>openapi.json describes exactly the routes and their responses.</summary>
public sealed class OpenApiTests
{
    private static readonly JsonNode Document = JsonNode.Parse(OpenApiFunction.Read()) ?? throw new InvalidOperationException("There is no document.");
    private static readonly JsonShape Shape = new(Document);

    private readonly HashSet<string> _seen = [];

    [Fact]
    public void Every_route_is_described_with_its_method_name_and_key()
    {
        var routes =
            from type in typeof(AppServices).Assembly.GetExportedTypes()
            from method in type.GetMethods()
            let function = method.GetCustomAttribute<FunctionAttribute>()
            from parameter in method.GetParameters()
            let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
            where function is not null && trigger is not null
            from verb in trigger.Methods ?? []
            // HEAD is GET without the body and is not described separately.
            where verb != "head"
            // OpenAPI has no catch-all: the console's API has the operations that are described, each with the same answers.
            where trigger.Route?.Contains("{*", StringComparison.Ordinal) != true
            select $"{verb} /{trigger.Route} {function.Name} {(trigger.AuthLevel == AuthorizationLevel.Anonymous ? "open" : "key")}";
        var described =
            from path in Document["paths"]?.AsObject() ?? []
            from operation in path.Value?.AsObject() ?? []
            select $"{operation.Key} {path.Key} {(string?)operation.Value?["operationId"]} {(operation.Value?["security"] is null ? "key" : "open")}";

        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_schema_is_used()
    {
        var text = Document.ToJsonString();
        var names = (Document["components"]?["schemas"]?.AsObject() ?? []).Select(schema => schema.Key).ToList();
        var used = text.Split("\"$ref\":\"#/components/schemas/").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]).Distinct();

        Assert.Equal(names.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_parameter_of_a_path_is_described() => Assert.Empty(
        from path in Document["paths"]?.AsObject() ?? []
        from operation in path.Value?.AsObject() ?? []
        let inPath = path.Key.Split('{').Skip(1).Select(part => part.Split('}')[0])
        let described = (operation.Value?["parameters"] as JsonArray ?? [])
            .Where(parameter => (string?)parameter?["in"] == "path").Select(parameter => (string?)parameter?["name"])
        where !inPath.SequenceEqual(described)
        select $"{operation.Key} {path.Key}");

    /// <summary>Without a usable Host, or with a broken body: no HTTP client sends these below.</summary>
    [Theory]
    [InlineData("get", "/sources")]
    [InlineData("get", "/sources/{id}")]
    [InlineData("post", "/webhooks/pagerduty")]
    public void What_a_malformed_request_gets_is_described(string method, string path) =>
        Assert.NotNull(Document["paths"]?[path]?[method]?["responses"]?["400"]);

    [Fact]
    public async Task What_the_routes_answer_is_what_is_described()
    {
        await using var bridge = await RunningBridge.StartAsync();
        var incident = Deliveries.IncidentId;
        var webhook = bridge.Host.CallbackUrl.AbsolutePath;
        (byte[] Body, string Type)[] bodies =
            [
                (Samples.Published, "application/json"), ("{"u8.ToArray(), "application/json"), ("{}"u8.ToArray(), "application/json"),
                ("x"u8.ToArray(), "text/plain"),
            ];
        foreach (var (body, type) in bodies)
            await CheckAsync(bridge, "post", "/webhooks/bigpanda/{sourceId}", webhook, Bytes(body, type), bridge.Host.BearerToken);
        // More than the burst: while they are sent, further ones are allowed.
        for (var i = 0; i <= 3 * RefusalLimit.Burst; i++)
            await CheckAsync(bridge, "post", "/webhooks/bigpanda/{sourceId}", webhook, Bytes("{}"u8.ToArray(), "application/json"), "wrong");
        for (var i = 0; i <= 3 * RefusalLimit.Burst; i++)
            await CheckAsync(bridge, "post", "/webhooks/pagerduty", body: Bytes("{}"u8.ToArray(), "application/json"));
        await bridge.UntilAsync($"/alerts/{incident}", _ => true);

        await CheckAsync(bridge, "get", "/alerts");
        await CheckAsync(bridge, "get", "/alerts", "/api/alerts?limit=none");
        await CheckAsync(bridge, "get", "/alert-rows");
        await CheckAsync(bridge, "get", "/alerts/{incidentId}", "/api/alerts/none");
        await CheckAsync(
            bridge, "post", "/alerts/{incidentId}/comments", $"/api/alerts/{incident}/comments", JsonContent.Create(new { comment = "seen", actor = "ada" }));
        await CheckAsync(bridge, "post", "/alerts/{incidentId}/comments", $"/api/alerts/{incident}/comments", JsonContent.Create(new { }));
        await CheckAsync(bridge, "post", "/alerts/{incidentId}/resolve", $"/api/alerts/{incident}/resolve", JsonContent.Create(new { actor = "ada" }));
        await bridge.UntilAsync($"/alerts/{incident}", alert => (string?)alert["bigPanda"]?["state"] == "inSync" && (string?)alert["status"] == "resolved");
        await CheckAsync(bridge, "post", "/alerts/{incidentId}/resolve", $"/api/alerts/{incident}/resolve");
        await CheckAsync(bridge, "get", "/alerts/{incidentId}", $"/api/alerts/{incident}");

        await CheckAsync(bridge, "get", "/alerts/{incidentId}/explain", $"/api/alerts/{incident}/explain");
        await CheckAsync(bridge, "get", "/alerts/{incidentId}/explain", $"/api/alerts/{incident}/explain?continuation=none");
        await CheckAsync(bridge, "get", "/alerts/{incidentId}/explain", "/api/alerts/none/explain");
        await CheckAsync(bridge, "post", "/alerts/{incidentId}/rebuild", $"/api/alerts/{incident}/rebuild");
        await CheckAsync(bridge, "post", "/alerts/{incidentId}/rebuild", "/api/alerts/none/rebuild");
        await CheckAsync(bridge, "delete", "/alerts/{incidentId}/deliveries", $"/api/alerts/{incident}/deliveries");
        await CheckAsync(bridge, "delete", "/alerts/{incidentId}/deliveries", "/api/alerts/none/deliveries");

        await CheckSourcesAsync(bridge);
        await CheckMonitorsAsync(bridge);
        await CheckPagesAsync(bridge, incident);
        await CheckConnectionAsync(bridge);
        await CheckPagerDutyAsync(bridge);
        await CheckDeadLettersAsync(bridge);
        await CheckAsync(bridge, "get", "/health");
        await CheckAsync(bridge, "get", "/sign-in");
        await CheckAsync(bridge, "get", "/openapi.json");

        Assert.Superset(
            new HashSet<string>
            {
                "post /webhooks/bigpanda/{sourceId} 202", "post /webhooks/bigpanda/{sourceId} 400", "post /webhooks/bigpanda/{sourceId} 401",
                "post /webhooks/bigpanda/{sourceId} 415", "post /webhooks/bigpanda/{sourceId} 422", "post /webhooks/bigpanda/{sourceId} 429",
                "post /webhooks/pagerduty 401", "post /webhooks/pagerduty 429",
                "get /alert-rows 200", "get /alerts 200", "get /alerts 400", "get /alerts/{incidentId} 200", "get /alerts/{incidentId} 404",
                "post /alerts/{incidentId}/comments 202",
                "post /alerts/{incidentId}/comments 400", "post /alerts/{incidentId}/resolve 202", "post /alerts/{incidentId}/resolve 409", "post /sources 201",
                "get /alerts/{incidentId}/explain 200", "get /alerts/{incidentId}/explain 400", "get /alerts/{incidentId}/explain 404",
                "post /alerts/{incidentId}/rebuild 200", "post /alerts/{incidentId}/rebuild 404",
                "delete /alerts/{incidentId}/deliveries 200", "delete /alerts/{incidentId}/deliveries 404",
                "post /sources 422", "get /sources 200",
                "post /pagerduty/preview 200", "post /pagerduty/preview 400", "post /pagerduty/preview 404", "post /pagerduty/preview 422",
                "get /pagerduty/report 200", "get /pagerduty/report 400",
                "get /sources/{id} 200", "get /sources/{id} 404", "patch /sources/{id} 200", "patch /sources/{id} 400", "patch /sources/{id} 404",
                "patch /sources/{id} 422",
                "post /sources/{id}/tokens 201", "post /sources/{id}/tokens 409", "delete /sources/{id}/tokens/{tokenId} 204",
                "delete /sources/{id}/tokens/{tokenId} 404", "delete /sources/{id} 204", "get /connection 200", "put /connection 422",
                "post /connection/probe 200", "post /connection/probe 404",
                "delete /connection 204",
                "post /monitors/{sourceId}/alerts 202", "post /monitors/{sourceId}/alerts 400", "post /monitors/{sourceId}/alerts 401",
                "post /monitors/{sourceId}/alerts 415", "post /monitors/{sourceId}/alerts 422", "post /monitors/{sourceId}/data/v2/alerts 202",
                "post /monitors/{sourceId}/preview 200", "post /monitors/{sourceId}/preview 400", "post /monitors/{sourceId}/preview 404",
                "post /monitors/{sourceId}/preview 413", "post /monitors/{sourceId}/preview 422", "get /monitors/{sourceId}/connection 200",
                "get /monitors/{sourceId}/connection 404", "put /monitors/{sourceId}/connection 200", "put /monitors/{sourceId}/connection 400",
                "put /monitors/{sourceId}/connection 404", "put /monitors/{sourceId}/connection 422", "delete /monitors/{sourceId}/connection 204",
                "delete /monitors/{sourceId}/connection 404",
                "get /dead-letters 200", "get /dead-letters 400", "post /dead-letters/replay 200", "post /dead-letters/replay 400",
                "get /health/ready 200", "get /health/ready 503", "get /health 200", "get /openapi.json 200",
                "get /sign-in 200",
                "get /pagerduty 200", "put /pagerduty 200", "put /pagerduty 400", "put /pagerduty 422", "post /pagerduty/test 404",
                "post /pagerduty/test 400", "post /pagerduty/subscription 404", "post /pagerduty/subscription 409", "delete /pagerduty 204",
                "delete /pagerduty 400",
            },
            _seen);
    }

    private async Task CheckDeadLettersAsync(RunningBridge bridge)
    {
        var queues = new AppQueues(bridge.Host.Bus);
        var message = new ServiceBusMessage("{}") { MessageId = "unreadable", SessionId = "unreadable", Subject = "telegram" };
        await queues.SendAsync(Queues.AlertEvents, message);
        await Eventually.Async(
            () => queues.PeekDeadLettersAsync(Queues.AlertEvents, "unreadable"), letters => letters.Count == 1, "the message is a dead letter");

        var page = await CheckAsync(bridge, "get", "/dead-letters", "/api/dead-letters?queue=alert-events");
        Assert.Single(page?["items"]?.AsArray() ?? []);
        await CheckAsync(bridge, "get", "/dead-letters");
        object[] bodies =
            [new { queue = "alert-events", ids = new[] { "1", "2" }, dryRun = true }, new { queue = "alert-events", all = true }, new { }];
        foreach (var body in bodies) await CheckAsync(bridge, "post", "/dead-letters/replay", body: JsonContent.Create(body));
    }

    private async Task CheckSourcesAsync(RunningBridge bridge)
    {
        var made = await CheckAsync(
            bridge, "post", "/sources", body: JsonContent.Create(new { name = "One", appKey = "the-app-key", titleTemplate = "{primary}" }));
        await CheckAsync(bridge, "post", "/sources", body: JsonContent.Create(new { titleTemplate = "{" }));
        await CheckAsync(bridge, "post", "/sources", body: Bytes("["u8.ToArray(), "application/json"));
        var id = (string?)made?["source"]?["id"];
        await CheckAsync(bridge, "get", "/sources");
        await CheckAsync(bridge, "get", "/sources/{id}", $"/api/sources/{id}");
        await CheckAsync(bridge, "get", "/sources/{id}", "/api/sources/none");
        foreach (var change in new object[] { new { titleTemplate = "{secondary}" }, new { titleTemplate = "{" }, new { name = 1 } })
            await CheckAsync(bridge, "patch", "/sources/{id}", $"/api/sources/{id}", JsonContent.Create(change));
        await CheckAsync(bridge, "patch", "/sources/{id}", "/api/sources/none", JsonContent.Create(new { name = "None" }));
        var second = await CheckAsync(bridge, "post", "/sources/{id}/tokens", $"/api/sources/{id}/tokens");
        await CheckAsync(bridge, "post", "/sources/{id}/tokens", $"/api/sources/{id}/tokens");
        await CheckAsync(bridge, "delete", "/sources/{id}/tokens/{tokenId}", $"/api/sources/{id}/tokens/{(string?)second?["id"]}");
        await CheckAsync(bridge, "delete", "/sources/{id}/tokens/{tokenId}", $"/api/sources/{id}/tokens/none");
        await CheckAsync(bridge, "delete", "/sources/{id}", $"/api/sources/{id}");
    }

    private async Task CheckMonitorsAsync(RunningBridge bridge)
    {
        const string alert = """{"status":"critical","host":"a","description":"LONG"}""";
        var made = await CheckAsync(bridge, "post", "/sources", body: JsonContent.Create(new { name = "M", kind = "monitor", format = "bigpanda" }));
        var (id, token) = ((string?)made?["source"]?["id"], (string?)made?["bearerToken"]);
        string[] bodies = [alert.Replace("LONG", new string('x', 3000), StringComparison.Ordinal), $$"""{"alerts":[{{alert}},{}]}""", "{}", "{", "[]"];
        foreach (var body in bodies)
        {
            foreach (var route in new[] { "alerts", "data/v2/alerts", "preview" })
            {
                var content = Bytes(System.Text.Encoding.UTF8.GetBytes(body), "application/json");
                await CheckAsync(bridge, "post", $"/monitors/{{sourceId}}/{route}", $"/api/monitors/{id}/{route}", content, token);
            }
        }

        const string connection = "/monitors/{sourceId}/connection";
        foreach (var source in new[] { id, "local" })
        {
            await CheckAsync(bridge, "get", connection, $"/api/monitors/{source}/connection");
            await CheckAsync(
                bridge, "put", connection, $"/api/monitors/{source}/connection",
                JsonContent.Create(new { orgToken = await bridge.GetSimulatorKeyAsync(), alertsAppKey = "the-app-key" }));
            await CheckAsync(bridge, "put", connection, $"/api/monitors/{source}/connection", JsonContent.Create(new { orgToken = "t", alertsAppKey = "k" }));
            await CheckAsync(bridge, "put", connection, $"/api/monitors/{source}/connection", Bytes("["u8.ToArray(), "application/json"));
            await CheckAsync(bridge, "delete", connection, $"/api/monitors/{source}/connection");
        }

        await CheckAsync(bridge, "post", "/monitors/{sourceId}/alerts", $"/api/monitors/{id}/alerts", Bytes("{}"u8.ToArray(), "text/plain"), token);
        await CheckAsync(bridge, "post", "/monitors/{sourceId}/alerts", "/api/monitors/local/alerts", Bytes("{}"u8.ToArray(), "application/json"), token);
        await CheckAsync(bridge, "post", "/monitors/{sourceId}/preview", "/api/monitors/local/preview", JsonContent.Create(new { }));
        await CheckAsync(bridge, "post", "/monitors/{sourceId}/preview", $"/api/monitors/{id}/preview", Bytes(new byte[2_000_000], "application/json"));
    }

    private async Task CheckPagesAsync(RunningBridge bridge, string incident)
    {
        foreach (var body in new object[] { new { incidentId = incident }, new { incidentId = "none" }, new { payload = new { } }, new { } })
            await CheckAsync(bridge, "post", "/pagerduty/preview", body: JsonContent.Create(body));
        await CheckAsync(bridge, "get", "/pagerduty/report");
        await CheckAsync(bridge, "get", "/pagerduty/report", "/api/pagerduty/report?days=0");
    }

    private async Task CheckConnectionAsync(RunningBridge bridge)
    {
        await CheckAsync(bridge, "get", "/connection");
        await CheckAsync(bridge, "get", "/health/ready");
        await CheckAsync(bridge, "post", "/connection/probe");
        await CheckAsync(bridge, "put", "/connection", body: JsonContent.Create(new { apiKey = "not-the-right-one" }));
        await CheckAsync(bridge, "delete", "/connection");
        await CheckAsync(bridge, "get", "/connection");
        await CheckAsync(bridge, "post", "/connection/probe");
        await CheckAsync(bridge, "get", "/health/ready");
    }

    /// <summary>Without a call of PagerDuty.</summary>
    private async Task CheckPagerDutyAsync(RunningBridge bridge)
    {
        await CheckAsync(bridge, "get", "/pagerduty");
        await CheckAsync(bridge, "post", "/pagerduty/test", body: JsonContent.Create(new { }));
        await CheckAsync(bridge, "post", "/pagerduty/subscription");
        await CheckAsync(bridge, "put", "/pagerduty", body: JsonContent.Create(new { routingKey = "short" }));
        await CheckAsync(bridge, "put", "/pagerduty", body: JsonContent.Create(new { unknown = 1 }));
        var connection = new
        {
            routingKey = "K0000000000000000000000000000001",
            routingKeys = new { database = "K0000000000000000000000000000002" },
            webhookSecrets = new[] { "secret-of-the-first-subscription" },
            policy = new { rules = new[] { new { severity = "critical", key = "database" } }, keyTag = "service_key", fields = new { team = "group" } },
        };
        await CheckAsync(bridge, "put", "/pagerduty", body: JsonContent.Create(connection));
        await CheckAsync(bridge, "get", "/pagerduty");
        await CheckAsync(bridge, "post", "/pagerduty/test", body: JsonContent.Create(new { key = "unknown" }));
        await CheckAsync(bridge, "post", "/pagerduty/test", body: JsonContent.Create(new { name = "unknown" }));
        await CheckAsync(bridge, "post", "/pagerduty/subscription");
        await CheckAsync(bridge, "delete", "/pagerduty", "/api/pagerduty?resolveOpen=perhaps");
        await CheckAsync(bridge, "delete", "/pagerduty");
    }

    private async Task<JsonNode?> CheckAsync(
        RunningBridge bridge, string method, string path, string? url = null, HttpContent? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), url ?? $"/api{path}") { Content = body };
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await bridge.Http.SendAsync(request);
        var what = $"{method} {path} {(int)answer.StatusCode}";
        var response = Document["paths"]?[path]?[method]?["responses"]?[$"{(int)answer.StatusCode}"];
        Assert.True(response is not null, $"{what} is not described.");
        _seen.Add(what);

        var text = await answer.Content.ReadAsStringAsync();
        if (response["content"] is not JsonObject content)
        {
            Assert.Equal("", text);
            return null;
        }

        var (type, described) = Assert.Single(content);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        var value = JsonNode.Parse(text);
        Assert.True(!Shape.Faults(described?["schema"], value).Any(), $"{what}: {string.Join("; ", Shape.Faults(described?["schema"], value))}");
        return value;
    }

    private static ByteArrayContent Bytes(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new(type);
        return content;
    }
}
