using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>Paths, queries and texts that mean something to a file system, a database, a spreadsheet, a browser or a terminal: here they are text.</summary>
public sealed partial class HostileTextTests(HostileFixture app) : IClassFixture<HostileFixture>
{
    private static readonly HttpClient Http = new();

    /// <summary>As they are in a request line.</summary>
    private static readonly string[] Ids =
    [
        "..", "%2e%2e", "..%2f..%2fsources", "%2e%2e%2f%2e%2e%2fconnection", "..%5c..%5csources", "..;", "%252e%252e%252f", "%00", "a%00b",
        "%0d%0aX-Forged:%201", "%0a", "%c0%ae%c0%ae", "%ff", "%ed%a0%80", "%u002e", "%", "%zz", "'%20or%201%20eq%201%20or%20'", "%22%7d",
        "a%2fb%2fc%2fd%2fe%2ff%2fg%2fh", "%F0%9F%94%A5", "%E2%80%AE", "*", "a:b", "a|b", "CON", "~", "$batch", "(RowKey='x')", "%23", "%3f",
        "_unknown", "_pagerduty",
    ];

    private static readonly string[] Queries =
    [
        "limit=-1", "limit=99999999999", "limit=1e9", "limit=", "limit=1&limit=2", "status=%00", "severity='%20or%20'", "search=%ff%fe", "search=" + "x%27",
        "environment=%2e%2e", "continuation=x", "continuation=AAAA", "continuation=%7b%7d", "timelineContinuation=x", "timelineContinuation=%00", "days=-1",
        "days=NaN", "queue=%00", "queue=alert-events&limit=0",
        "queue=alert-events&continuation=-1", "queue=alert-events&continuation=9223372036854775808", "resolveOpen=%00", "include=%0d%0a",
        "include=alerts,alerts,x", "a[b]=c", "=", "&&&", "%", "%00=%00", "code=%00", "access_token=%00",
    ];

    private static readonly string[] Texts =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "=HYPERLINK(\"https://example.com\",\"x\")", "+1+1",
        "-1+1", "@SUM(1)",
        "\t=1", "a\r\nINFO: forged", "\u001b[31mred", "\u202egnp.exe", "{{7*7}} ${7*7} {primary} {tag:x}", "'; drop table Alerts; --", "%s%n{0}",
        "\0",
    ];

    /// <summary>It takes no key, and is off here.</summary>
    private const string ConsoleApi = "ConsoleApi";

    public static TheoryData<string> Hostile => [.. Texts];

    [Fact]
    public async Task No_id_in_a_path_makes_a_route_fail_or_opens_another_one()
    {
        foreach (var function in HostileFixture.Functions.Where(function => function.Route.Contains('{', StringComparison.Ordinal)))
        {
            foreach (var id in Ids.Append(new string('x', 3000)))
            {
                var path = Parameter().Replace(function.Route, _ => id);
                var line = $"{function.Methods[0]} /api/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Type: application/json\r\n";
                var open = await SendAsync($"{line}\r\n{{}}");
                var withKey = await SendAsync($"{line}x-functions-key: {app.Host.FunctionKey}\r\n\r\n{{}}");
                // Dots lead from one of the console's routes to its page, which is open.
                var mayOpen = AccessTests.Open.Contains(function.Name) || function.Route.StartsWith("console/", StringComparison.Ordinal);
                Assert.True(open is 400 or 401 or 404 or 405 or 429 or 503 || (open == 200 && mayOpen), $"{path}: {open}");
                Assert.True(withKey is < 500 or 503, $"{path}: {withKey}");
                // Only a monitor's route answers 503, to an address that was refused too often.
                if (open == 503 || withKey == 503) Assert.Contains(function.Name, (string[])["ReceiveMonitorAlert", "ReceiveWrapperAlert"]);
            }
        }
    }

    [Fact]
    public async Task No_query_makes_a_route_fail()
    {
        foreach (var function in HostileFixture.Functions.Where(function => function.Methods.Contains("GET") && function.Name is not ("Ready" or ConsoleApi)))
        {
            var path = Parameter().Replace(function.Route, "none");
            foreach (var query in Queries.Append("search=" + new string('x', 6000)))
            {
                var status = await SendAsync(
                    $"GET /api/{path}?{query} HTTP/1.1\r\nHost: localhost\r\nx-functions-key: {app.Host.FunctionKey}\r\nConnection: close\r\n\r\n");
                Assert.True(status is 200 or 400 or 404, $"{path}?{query}: {status}");
            }
        }
    }

    /// <summary>In a response it is a value of JSON, which no browser may take for a page; in the log's console and in links it has no effect either.</summary>
    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_text_of_a_webhook_stays_a_text(string text)
    {
        var id = IncidentWebhook.NewId();
        var body = new JsonObject
        {
            ["incident"] = new JsonObject
            {
                ["id"] = id,
                ["status"] = "critical",
                ["active"] = true,
                ["alerts"] = new JsonArray(new JsonObject { ["id"] = "a", ["description"] = text, ["tags"] = new JsonArray(Tag(text, text)) }),
                ["incidentTags"] = new JsonArray(new JsonObject { ["id"] = "note", ["value"] = text }),
            },
            ["links"] = new JsonObject { ["landingPage"] = text },
        };
        (await app.Bridge.PostWebhookAsync(JsonSerializer.SerializeToUtf8Bytes(body))).Expect(202);
        await app.Bridge.WaitForAlertAsync(id, alert => alert.Fires);

        using var request = app.Bridge.WithKey(new HttpRequestMessage(HttpMethod.Get, app.Bridge.At(BridgeClient.AlertPath(id))));
        using var response = await Http.SendAsync(request);

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        SecurityHeaders.AssertIn(response);
        var alert = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(text.Trim(), alert.GetProperty("alerts")[0].GetProperty("description").GetString()?.Trim());
        Assert.Equal(JsonValueKind.Null, alert.GetProperty("url").ValueKind);
        Assert.DoesNotContain("49", alert.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_text_of_a_person_stays_a_text()
    {
        var id = IncidentWebhook.NewId();
        await app.Bridge.FireAsync(IncidentWebhook.New(id));

        foreach (var text in Texts) (await app.Bridge.CommentAsync(id, text, "ada")).Expect(202);

        // Its notes in PagerDuty come back as comments, too.
        var commented = await app.Bridge.WaitForAlertAsync(id, alert => Written(alert).Count() == Texts.Length);
        Assert.Equal(Texts.Select(text => text.Trim()).Order(StringComparer.Ordinal), Written(commented).Order(StringComparer.Ordinal));

        static IEnumerable<string> Written(SeenAlert alert) => alert.Entries("comment").Select(entry => entry.Comment).OfType<string>();
    }

    [Fact]
    public async Task A_text_of_a_monitor_stays_a_text()
    {
        var monitor = await MonitorClient.CreateAsync(app, "bigpanda");
        var alerts = Texts.Select((text, i) => new { status = "critical", host = $"db-{i}", description = text, note = text });

        (await monitor.PostAsync(JsonSerializer.Serialize(new { alerts }))).Expect(202);

        var received = await monitor.WaitForAlertsAsync(Texts.Length);
        foreach (var alert in received)
        {
            var text = Texts[int.Parse((alert.GetProperty("host").GetString() ?? "")[3..], System.Globalization.CultureInfo.InvariantCulture)];
            Assert.Equal((text, text), (alert.GetProperty("description").GetString(), alert.GetProperty("note").GetString()));
        }
    }

    private static JsonObject Tag(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private async Task<int> SendAsync(string request)
    {
        using var client = await RawClient.ConnectAsync(app.Host.BaseUrl);
        await client.SendAsync(request);
        return await client.ReadStatusAsync();
    }

    [GeneratedRegex(@"\{\*?\w+\}")]
    private static partial Regex Parameter();
}
