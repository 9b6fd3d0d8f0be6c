using System.Text;
using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.PagerDuty;
using BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Simulator.PagerDuty;

/// <summary>A running simulator, a receiver of its webhooks, and a client with the REST key.</summary>
internal sealed class PagerDutyDriver : IAsyncDisposable
{
    public const string RestKey = "rest-key";
    public const string Secret = "webhook-secret";

    private static readonly string[] Events =
    [
        "incident.triggered", "incident.acknowledged", "incident.unacknowledged", "incident.resolved", "incident.reopened", "incident.annotated",
        "incident.reassigned", "incident.priority_updated",
    ];

    private readonly LoopbackServer _receiver;
    private readonly BoundedHistory<Received> _received;

    private PagerDutyDriver(PagerDutySimulator simulator, LoopbackServer receiver, BoundedHistory<Received> received)
    {
        (Simulator, _receiver, _received) = (simulator, receiver, received);
        Subscription = simulator.Subscribe(receiver.Url, Secret, [.. Events]);
        Http = new HttpClient { BaseAddress = simulator.Url };
        Http.DefaultRequestHeaders.Add("Authorization", $"Token token={RestKey}");
        Http.DefaultRequestHeaders.Add("From", "bridge@example.com");
    }

    public PagerDutySimulator Simulator { get; }

    public HttpClient Http { get; }

    public string Subscription { get; }

    /// <summary>What the receiver answers, by the number of webhooks before.</summary>
    public Func<int, int> Answer { get; set; } = _ => 202;

    public IReadOnlyList<Received> Received => _received.Items;

    public static async Task<PagerDutyDriver> StartAsync(TimeProvider? time = null)
    {
        var received = new BoundedHistory<Received>(1000);
        PagerDutyDriver? driver = null;
        var receiver = await LoopbackServer.StartAsync(context => RecordAsync(context, received, () => driver));
        var options = new PagerDutySimulatorOptions
        {
            RestKey = RestKey,
            From = "bridge@example.com",
            SearchLag = TimeSpan.Zero,
            Retry = TimeSpan.FromMilliseconds(1),
        };
        var simulator = await PagerDutySimulator.StartAsync(0, options, time ?? TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        return driver = new PagerDutyDriver(simulator, receiver, received);
    }

    public async Task<TextResponse> GetAsync(string path) => await TextResponse.FromAsync(await Http.GetAsync(path));

    public async Task<TextResponse> PostAsync(string path, string json = "") =>
        await TextResponse.FromAsync(await Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json")));

    public async Task<TextResponse> PutAsync(string path, string json) =>
        await TextResponse.FromAsync(await Http.PutAsync(path, new StringContent(json, Encoding.UTF8, "application/json")));

    /// <returns>The id of the incident that the event opened.</returns>
    public async Task<string> TriggerAsync(string dedupKey, string routingKey = SimulatedAccount.Key)
    {
        var sent = new JsonObject
        {
            ["routing_key"] = routingKey,
            ["event_action"] = "trigger",
            ["dedup_key"] = dedupKey,
            ["client"] = "BigPanda",
            ["client_url"] = "https://bigpanda.example.com/1",
            ["payload"] = new JsonObject { ["summary"] = "Disk full", ["source"] = "web1", ["severity"] = "critical" },
        };
        Assert.Equal(202, (await PostAsync("/v2/enqueue", sent.ToJsonString())).Status);
        return Simulator.Account.Alerts(alert => alert.Key == dedupKey)[^1].IncidentId;
    }

    public Task<TextResponse> ActAsync(string incident, string action, string json = "") => PostAsync($"/_simulator/incidents/{incident}/{action}", json);

    public async Task<IReadOnlyList<Received>> WaitForAsync(int webhooks)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        return await _received.WaitUntilAsync(all => all.Count >= webhooks, deadline.Token);
    }

    public async Task<IReadOnlyList<SentWebhook>> WaitForAttemptsAsync(Func<IReadOnlyList<SentWebhook>, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        return await Simulator.WaitForWebhooksAsync(condition, deadline.Token);
    }

    /// <summary>Waits until every webhook has been delivered or dropped.</summary>
    public Task SettleAsync() => Eventually.Async(() => Task.FromResult(Simulator.IsIdle), idle => idle, "every webhook is delivered or dropped");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Simulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private static async Task RecordAsync(HttpContext context, BoundedHistory<Received> received, Func<PagerDutyDriver?> driver)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var before = received.Items.Count;
        context.Response.StatusCode = driver()?.Answer(before) ?? 202;
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        received.Add(new(headers, body.ToArray()));
    }
}

internal sealed record Received(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonNode Event => JsonNode.Parse(Body)?["event"] ?? throw new InvalidOperationException("The webhook has no event.");

    public string Type => (string?)Event["event_type"] ?? "";
}
