using System.Net;
using System.Text.Json;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;
using BigPanda.LocalHost.Simulator.PagerDuty;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Connection;

/// <summary>Plants recognisable secrets at every input for secrets, and afterwards searches everything that the run wrote for them.</summary>
public sealed class SecretCanaryTests : IDisposable
{
    private const string GoodKey = "canary-good-key-5f2a9c";
    private const string BadKey = "canary-bad-key-7d1e3b";
    private const string AppKey = "canary-app-key-41c0aa";
    private const string RoutingKey = "CANARYROUTINGKEY0000000000000001";
    private const string NamedKey = "CANARYROUTINGKEY0000000000000002";
    private const string PagerRestKey = "canary-rest-key-3c5d7e";
    private const string BadPagerRestKey = "canary-bad-rest-key-9a1b";
    private const string PagerDutyFile = "pagerduty-connection.json";
    private const string WebhookSecret = "canary-webhook-secret-4f4f";
    private const string WrongToken = "canary-wrong-token-93be";
    private const string OtherHeader = "canary-other-header-0e77";
    private const string UrlPassword = "canary-url-password-6a6a";
    private const string FunctionKey = "canary-function-key-bb12";

    private readonly SecretSearch _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public async Task No_secret_is_found_outside_the_file_that_is_protected()
    {
        await using var other = await BigPandaSimulator.StartAsync(
            new SimulatorOptions { Port = 0, ApiKey = GoodKey }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await using var pagerDuty = await PagerDutySimulator.StartAsync(
            0, new PagerDutySimulatorOptions { RestKey = PagerRestKey, From = "bridge@example.com" }, TimeProvider.System, NullLoggerFactory.Instance,
            CancellationToken.None);
        await using var bridge = await RunningBridge.StartAsync(options => options with
        {
            InMemoryTables = false,
            Settings = new Dictionary<string, string?>
            {
                ["PagerDuty__Mode"] = "on",
                ["PagerDuty__EventsBaseUrl"] = pagerDuty.Url.AbsoluteUri,
                ["PagerDuty__RestBaseUrl"] = pagerDuty.Url.AbsoluteUri,
            },
            // All of our categories, and outgoing calls with their headers. ASP.NET's own lines of incoming calls are off below Warning in every deployment.
            ConfigureLogging = logging =>
            {
                options.ConfigureLogging(logging);
                logging.SetMinimumLevel(LogLevel.Trace).AddFilter(nameof(BigPanda), LogLevel.Trace).AddFilter("System.Net.Http", LogLevel.Trace);
            },
        });

        await ConnectAsync(bridge, other);
        await ConnectPagerDutyAsync(bridge, pagerDuty);
        var token = await DeliverAsync(bridge);
        await CloseWithTroubleAsync(bridge, other);
        await _written.ReadAsync(bridge);

        Assert.True(_written.Count("the log") > 50, "The log was not captured.");
        Assert.True(_written.Has(LocalConnection.FileName, GoodKey));
        Assert.True(_written.Has(PagerDutyFile, NamedKey));
        _written.AssertNone(
            [
                GoodKey, BadKey, AppKey, WrongToken, OtherHeader, UrlPassword, FunctionKey, token, bridge.Host.BearerToken, bridge.Host.FunctionKey,
                RoutingKey, NamedKey, PagerRestKey, BadPagerRestKey, WebhookSecret,
            ],
            MayHold);
    }

    private async Task ConnectAsync(RunningBridge bridge, BigPandaSimulator other)
    {
        var url = other.Url.AbsoluteUri;
        other.Faults.Add(new Fault(FaultMatch.Environments, Status: 401, Body: $$"""{"errors":["Token {{BadKey}} is not valid"]}"""));
        other.Faults.Add(new Fault(FaultMatch.Environments, Status: 500, Body: $"<html>Bearer {BadKey}</html>", Html: true));
        await RecordResponseAsync(bridge.PutAsync("/connection", new { apiKey = BadKey, apiBaseUrl = url }), HttpStatusCode.UnprocessableEntity);
        await RecordResponseAsync(bridge.PutAsync("/connection", new { apiKey = BadKey, apiBaseUrl = url }), HttpStatusCode.ServiceUnavailable);
        await RecordResponseAsync(bridge.PutAsync("/connection", new { apiKey = $"{BadKey} \n" + "x y" }), HttpStatusCode.UnprocessableEntity);
        await RecordResponseAsync(
            bridge.PutAsync("/connection", new { apiKey = BadKey, apiBaseUrl = $"https://user:{UrlPassword}@api.example.com" }),
            HttpStatusCode.UnprocessableEntity);
        await RecordResponseAsync(bridge.PutAsync("/connection", BadKey), HttpStatusCode.BadRequest);
        await RecordResponseAsync(bridge.PutAsync("/connection", new { apiKey = GoodKey, apiBaseUrl = url, expiresOn = "2099-01-31" }), HttpStatusCode.OK);
        await RecordResponseAsync(bridge.PostAsync("/connection/probe"), HttpStatusCode.OK);
    }

    private async Task ConnectPagerDutyAsync(RunningBridge bridge, PagerDutySimulator pagerDuty)
    {
        pagerDuty.Faults.Add(
            new Fault(PagerDutyFaults.Users, Status: 401, Body: $$"""{"error":{"message":"{{BadPagerRestKey}} is unknown","code":2006} }"""),
            new Fault(PagerDutyFaults.Users, Status: 500, Body: $"<html>Token token={BadPagerRestKey}</html>", Html: true));
        var bad = new { routingKey = RoutingKey, restKey = BadPagerRestKey, from = "bridge@example.com" };
        await RecordResponseAsync(bridge.PutAsync("/pagerduty", bad), HttpStatusCode.UnprocessableEntity);
        await RecordResponseAsync(bridge.PutAsync("/pagerduty", bad), HttpStatusCode.ServiceUnavailable);
        await RecordResponseAsync(bridge.PutAsync("/pagerduty", new { routingKey = RoutingKey + "!" }), HttpStatusCode.UnprocessableEntity);
        await RecordResponseAsync(
            bridge.PutAsync("/pagerduty", new { routingKey = RoutingKey, webhookSecrets = new[] { WebhookSecret + "\n" + WebhookSecret } }),
            HttpStatusCode.UnprocessableEntity);
        await RecordResponseAsync(bridge.PutAsync("/pagerduty", RoutingKey), HttpStatusCode.BadRequest);
        var good = new
        {
            routingKey = RoutingKey,
            routingKeys = new { database = NamedKey },
            restKey = PagerRestKey,
            from = "bridge@example.com",
            webhookSecrets = new[] { WebhookSecret },
        };
        await RecordResponseAsync(bridge.PutAsync("/pagerduty", good), HttpStatusCode.OK);
        pagerDuty.Faults.Add(
            new Fault(PagerDutyFaults.Events, Status: 400, Body: $$"""{"message":"no key {{RoutingKey}}","errors":["{{RoutingKey}}"]}"""),
            new Fault(PagerDutyFaults.Rest, Status: 403, Body: $$"""{"error":{"message":"{{PagerRestKey}} may not","code":2010} }"""));
        await RecordResponseAsync(bridge.PostAsync("/pagerduty/test"), HttpStatusCode.UnprocessableEntity);
        await RecordResponseAsync(bridge.PostAsync("/pagerduty/test", new { key = "database" }), HttpStatusCode.OK);
        await RecordResponseAsync(bridge.PostAsync("/pagerduty/subscription"), HttpStatusCode.UnprocessableEntity);
        await RecordResponseAsync(bridge.GetAsync("/pagerduty"), HttpStatusCode.OK);
    }

    /// <returns>The source's token.</returns>
    private async Task<string> DeliverAsync(RunningBridge bridge)
    {
        var (_, made) = await bridge.PostAsync("/sources", new { name = "Canary", appKey = AppKey });
        var (url, token) = ((string?)made["source"]?["callbackUrl"] ?? "", (string?)made["bearerToken"] ?? "");
        using var client = new HttpClient();
        foreach (var bearer in new[] { WrongToken, token })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}?code={FunctionKey}") { Content = new ByteArrayContent(Samples.Published) };
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
            request.Headers.TryAddWithoutValidation("X-Api-Key", OtherHeader);
            request.Headers.TryAddWithoutValidation("Cookie", $"session={OtherHeader}");
            using var answer = await client.SendAsync(request);
            _written.Add("an answer", await answer.Content.ReadAsStringAsync());
        }

        using var refused = await client.GetAsync($"{bridge.Host.BaseUrl}api/sources?code={FunctionKey}");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await RecordResponseAsync(bridge.GetAsync("/sources"), HttpStatusCode.OK);
        return token;
    }

    private async Task CloseWithTroubleAsync(RunningBridge bridge, BigPandaSimulator other)
    {
        var alert = $"/alerts/{Deliveries.IncidentId}";
        await bridge.UntilAsync(alert, seen => seen["timeline"]?.AsArray().Any(entry => (string?)entry?["kind"] == "callback") == true);
        other.Faults.Add(
            new Fault(FaultMatch.Resolve, Status: 500, Body: $"Authorization: Bearer {GoodKey}"),
            new Fault(FaultMatch.Resolve, Status: 401, Body: $$"""{"errors":["{{GoodKey}} has expired"]}"""));
        await bridge.PostAsync($"{alert}/resolve", new { actor = "ada" });
        await bridge.UntilAsync(alert, seen => (string?)seen["bigPanda"]?["state"] == "parked");
        await RecordResponseAsync(bridge.GetAsync(alert), HttpStatusCode.OK);
        await RecordResponseAsync(bridge.GetAsync("/connection"), HttpStatusCode.OK);
        _written.Add("health", (await bridge.GetReadyAsync()).Body.ToJsonString());
    }

    private async Task RecordResponseAsync(Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonNode Body)> answer, HttpStatusCode expected)
    {
        var (status, body) = await answer;
        Assert.Equal(expected, status);
        _written.Add(
            "an answer", body.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    /// <summary>Allowed: the key's protected file; the host's secrets and setup.json; the app key, which identifies an integration, with its source.</summary>
    private static bool MayHold(string where, string secret) => secret switch
    {
        GoodKey => where == LocalConnection.FileName,
        RoutingKey or NamedKey or PagerRestKey or WebhookSecret => where == PagerDutyFile,
        AppKey => where == $"table {TableNames.Sources}" || where.StartsWith("azurite", StringComparison.Ordinal),
        _ => where is LocalSecrets.FileName or Setup.FileName,
    };
}
