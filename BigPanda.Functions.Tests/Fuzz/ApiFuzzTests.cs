using System.Text;
using BigPanda.Functions.Tests.Scenarios;
using BigPanda.Functions.Tests.Scenarios.PagerDuty;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;
using FsCheck.Fluent;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Fuzz;

/// <summary>Mutated bodies of API calls over HTTP, to a whole bridge with both vendors: never a 5xx.</summary>
public sealed class ApiFuzzTests(ApiFuzzTests.Fixture app) : IClassFixture<ApiFuzzTests.Fixture>
{
    private const int Cases = 60;
    private const int ManyCases = 2000;

    private const string Incident = "fuzzed";

    /// <summary>A valid body for each function with a body. What names another address is left out: the bridge would call it.</summary>
    private static readonly Dictionary<string, string[]> Samples = new()
    {
        ["ChangeSource"] = ["""{"name":"Changed","silentAfterHours":12,"titleTemplate":"[{severity}] {primary}","appKey":null,"oneTime":true}"""],
        ["CommentAlert"] = ["""{"comment":"investigating\nnow","actor":"ada@example.com"}""", "{\"comment\":\"<script>\"}"],
        ["CreateSource"] =
        [
            """{"name":"One","kind":"bigpanda","authHeader":"X-Token","silentAfterHours":3,"titleTemplate":"{primary} {tag:x}","appKey":"key"}""",
            """{"name":"Two","kind":"monitor","format":"azureMonitor","flatten":true,"okAfterHours":4}""",
        ],
        ["PreviewMonitorAlert"] = ["""{"status":"critical","host":"db-1","check":"disk","timestamp":1793527100,"tags":["a","b"],"nested":{"a":[1,{"b":2}]}}"""],
        ["PreviewPage"] =
        [
            "{\"incidentId\":\"" + Incident + "\"}",
            """
            {"payload":{"incident":{"id":"p","status":"critical","changedOn":1697123962,"alerts":[{"id":"a","tags":[{"name":"host","value":"db"}]}],
            "incidentTags":[{"id":"team","value":["x"]}]},"links":{"landingPage":"https://example.com"}},
            "headers":{"x-bp-mapping-fields":"team=group"},"source":"local"}
            """,
        ],
        ["PutConnection"] = ["""{"apiKey":"the-key-of-a-person","defaultEnvironmentId":"env-1","expiresOn":"2099-01-31","actor":"ada"}"""],
        ["PutMonitorConnection"] = ["""{"orgToken":"token","alertsAppKey":"key"}"""],
        ["PutPagerDuty"] =
        [
            """
            {"routingKey":"K0000000000000000000000000000001","routingKeys":{"database":"K0000000000000000000000000000002"},
            "webhookSecrets":["secret-of-the-first-subscription"],"actor":"ada",
            "policy":{"rules":[{"severity":"critical","key":"database"}],"keyTag":"service_key","fields":{"team":"group"},"fireDelaySeconds":60}}
            """,
        ],
        ["ReleaseBrake"] = ["""{"kind":"closes","drop":true,"actor":"ada","reason":"a script went wrong"}"""],
        ["ReplayDeadLetters"] =
        [
            """{"queue":"alert-events","ids":["17",18],"dryRun":true,"actor":"ada"}""",
            """{"queue":"bigpanda-actions","all":true,"dryRun":false,"continuation":""}""",
        ],
        ["ResolveAlert"] = ["""{"comment":"disk replaced","actor":"ada@example.com"}"""],
        ["RetryAction"] = ["""{"actor":"ada@example.com"}"""],
        ["RunReconciler"] = ["""{"dryRun":true}"""],
        ["TestPagerDuty"] = ["""{"key":"unknown","actor":"ada"}"""],
    };

    /// <summary>They read no body.</summary>
    private static readonly string[] WithoutBody = ["AddSourceToken", "EnablePagerDutySubscription", "ProbeConnection", "RebuildAlert"];

    private static readonly IReadOnlyList<HttpFunction> Functions =
    [
        .. FunctionCatalog.Discover([typeof(AppServices).Assembly]).Http
            .Where(function => function.Level == AuthorizationLevel.Function && function.Methods.Any(method => method is "POST" or "PUT" or "PATCH")),
    ];

    public static TheoryData<string> Names => [.. Samples.Keys];

    [Fact]
    public void Every_function_with_a_body_is_entered_here() => Assert.Equal(
        Samples.Keys.Concat(WithoutBody).Order(StringComparer.Ordinal), Functions.Select(function => function.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_mutated_body_is_answered(string name) => CheckAsync(name, Cases);

    [LongTheory]
    [MemberData(nameof(Names))]
    public Task Two_thousand_mutated_bodies_are_answered(string name) => CheckAsync(name, ManyCases);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bodies_that_break_naive_readers_are_answered(string name)
    {
        await app.PrepareAsync();
        foreach (var (what, body) in HostileBodies.All) AssertAnswered(await SendAsync(name, body), what);
    }

    private async Task CheckAsync(string name, int cases)
    {
        await app.PrepareAsync();
        IReadOnlyList<byte[]> samples = [.. Samples[name].Select(Encoding.UTF8.GetBytes)];
        var bodies = MutatedBodies.Of(samples).Generator.Sample(cases).ToList();

        foreach (var body in bodies) AssertAnswered(await SendAsync(name, body.Bytes), body.ToString());
    }

    /// <summary>A problem document, or what the route returns.</summary>
    private static void AssertAnswered(TextResponse answer, string body)
    {
        Assert.True(answer.Status is >= 200 and < 500 and not 401, $"{answer} for {body}");
        if (answer.Status >= 400) answer.ExpectProblem(answer.Status);
    }

    private Task<TextResponse> SendAsync(string name, byte[] body)
    {
        var function = Functions.Single(one => one.Name == name);
        var path = function.Route
            .Replace("{incidentId}", Incident, StringComparison.Ordinal)
            .Replace("{actionId}", "none", StringComparison.Ordinal)
            .Replace("{sourceId}", app.MonitorId, StringComparison.Ordinal)
            .Replace("{id}", app.Host.SourceId, StringComparison.Ordinal);
        var method = function.Methods.Single(one => one is "POST" or "PUT" or "PATCH");
        return BridgeClient.SendAsync(app.Bridge.WithKey(new HttpRequestMessage(HttpMethod.Parse(method), app.Bridge.At($"/api/{path}"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        }));
    }

    public sealed class Fixture : PagerDutyFixture
    {
        private Task? _prepared;

        internal string MonitorId { get; private set; } = "none";

        /// <summary>Keys are checked at the simulators: an answer that comes late on a busy machine would be a 503.</summary>
        protected override IReadOnlyDictionary<string, string?> Settings =>
            new Dictionary<string, string?>(base.Settings) { ["BigPanda__TimeoutSeconds"] = "60", ["PagerDuty__TimeoutSeconds"] = "60" };

        internal Task PrepareAsync() => _prepared ??= CreateAsync();

        private async Task CreateAsync()
        {
            var made = (await Bridge.PostAsync("/api/sources", """{"name":"Monitor","kind":"monitor","format":"bigpanda"}""")).Expect(201).Json;
            MonitorId = made.GetProperty("source").GetProperty("id").GetString() ?? "";
            // A 429 of the simulator would be a 503 here.
            await BigPanda.TakeAnyRateAsync();
            await Bridge.FireAsync(IncidentWebhook.New(Incident));
        }
    }
}
