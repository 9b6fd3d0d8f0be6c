using System.Text;
using System.Text.Json.Nodes;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Correlation;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Correlation;

/// <summary>The correlator over tables in memory and a scripted PagerDuty, in virtual time.</summary>
internal sealed class Correlating : IAsyncDisposable
{
    public const string PageId = "20261101100000-1";

    private readonly PagerDutyInstance _instance;
    private readonly ScriptedPagerDuty _pagerDuty;
    private readonly PagerDutyCorrelator _correlator;
    private readonly CorrelatePagerDutyEventFunction _function;
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();
    private readonly TimeProvider _time;

    private Correlating(VirtualWorld world, string mode)
    {
        _time = world.Time;
        var tables = new MemoryTables(world.Time);
        _pagerDuty = new ScriptedPagerDuty(world.Time) { Answer = call => Answer(call) };
        _instance = new PagerDutyInstance(world.Time, tables, _pagerDuty);
        Pages = new PageStore(tables);
        Foreign = new ForeignPageStore(tables);
        Alerts = new AlertStore(tables);
        var foreign = new ForeignIncidents(Foreign, Alerts, Options.Create(new PagerDutyOptions { Mode = mode }));
        _correlator = new PagerDutyCorrelator(
            new PageFinder(Pages, Alerts, _instance.Rest), Pages, foreign, new OnePolicy(this), _instance.Rest,
            new MessageSender(Bus, new BrokerGate(world.Time), new RecentEvents(world.Time)));
        var gate = new BrokerGate(world.Time);
        var settlement = new Settlement(
            new MessageSender(Bus, gate, new RecentEvents(world.Time)), gate, new Suspects(tables, world.Time), world.Time, NullLogger<Settlement>.Instance);
        _function = new CorrelatePagerDutyEventFunction(
            _correlator, new MessageBodies(new PayloadStore(tables, world.Time), new MemoryRelief(world.Time), world.Time), settlement,
            _metrics.GetRequiredService<AppMetrics>(), world.Time, NullLogger<CorrelatePagerDutyEventFunction>.Instance);
    }

    public PageStore Pages { get; }

    public ForeignPageStore Foreign { get; }

    public AlertStore Alerts { get; }

    public ActionQueue Bus { get; } = new();

    public PagingPolicy? Policy { get; set; } = new();

    /// <summary>What PagerDuty answers; by default every incident has no alerts.</summary>
    public Func<ReceivedCall, HttpResponseMessage?> Answer { get; set; } = _ => ListOf();

    public IEnumerable<string> Calls => _pagerDuty.Calls.Select(call => call.Path);

    public bool HasRestKey
    {
        set => _instance.Stored = value ? PagerDutyInstance.Credential("https://pagerduty.example.com")
            : PagerDutyInstance.Credential("https://pagerduty.example.com") with { RestKey = null, From = null };
    }

    /// <summary>The changes that alerts were sent.</summary>
    public IReadOnlyList<PageChanged> Sent => [.. SentTo(Queues.AlertEvents).Select(message => Assert.IsType<PageChanged>(AlertEventMessages.Read(
        ServiceBusModelFactory.ServiceBusReceivedMessage(
            message.Body, message.MessageId, subject: message.Subject, properties: message.ApplicationProperties),
        message.Body)))];

    public IEnumerable<ServiceBusMessage> SentTo(string queue) => Bus.Sent.Where(sent => sent.Queue == queue).Select(sent => sent.Message);

    /// <summary>Handles the event's message as the function does, and its copies when they are due, until it is done.</summary>
    /// <returns>After how long each copy came.</returns>
    public async Task<IReadOnlyList<TimeSpan>> HandleAsync(string type, string incident, int most = 20)
    {
        var body = Body(type, incident, null);
        var message = PagerDutyEventMessages.Of(PagerDutyEvent.Read(body) ?? throw new InvalidOperationException("No event."), null, body, _time.GetUtcNow());
        message.Body = BinaryData.FromBytes(body);
        List<TimeSpan> waits = [];
        for (Bus.Add(message); Bus.TryTake(out var received) && waits.Count < most;)
        {
            var sent = SentTo(Queues.PagerDutyEvents).Count();
            await _function.RunAsync(received, Bus.ActionsFor(received), CancellationToken.None);
            if (SentTo(Queues.PagerDutyEvents).Skip(sent).SingleOrDefault() is not { } copy) continue;
            waits.Add(copy.ScheduledEnqueueTime - _time.GetUtcNow());
            await Task.Delay(waits[^1], _time);
            Bus.Add(copy);
        }

        return waits;
    }

    public static T Run<T>(Func<Correlating, Task<T>> test, string mode = "on") => VirtualWorld.Run(async world =>
    {
        await using var correlating = new Correlating(world, mode);
        return await test(correlating);
    });

    public static DedupKey KeyOf(string incidentId, string pageId = PageId) => DedupKey.Of(incidentId, pageId);

    public async Task AddAlertAsync(string incidentId) =>
        Assert.NotNull(
            await Alerts.SaveAsync(null, new Decision(PagedAlerts.Of(incidentId: incidentId), Verdict.Applied, []), [], null, CancellationToken.None));

    /// <summary>An alert with a page that is known to be PagerDuty's incident.</summary>
    public async Task AddPageAsync(string incidentId, string pagerIncident)
    {
        await AddAlertAsync(incidentId);
        await Pages.LinkAsync(KeyOf(incidentId), new(pagerIncident, null), CancellationToken.None);
    }

    public Task<CorrelationResult> CorrelateAsync(string type, string incident, Action<JsonObject>? change = null) => _correlator.CorrelateAsync(
        Event(type, incident, change), "identity", Deliveries.Start, new CallClaim(CallPriority.High), CancellationToken.None);

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, _time);

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        await _metrics.DisposeAsync();
        _pagerDuty.Dispose();
    }

    private static PagerDutyEvent Event(string type, string incident, Action<JsonObject>? change) =>
        PagerDutyEvent.Read(Body(type, incident, change)) ?? throw new InvalidOperationException("No event.");

    private static byte[] Body(string type, string incident, Action<JsonObject>? change)
    {
        var data = new JsonObject { ["id"] = incident, ["type"] = "incident", ["html_url"] = $"https://acme.pagerduty.com/incidents/{incident}" };
        var evt = new JsonObject
        {
            ["id"] = $"event of {type} {incident}",
            ["event_type"] = type,
            ["occurred_at"] = "2026-11-01T10:05:00.500Z",
            ["agent"] = new JsonObject { ["type"] = "user_reference", ["id"] = "P1", ["summary"] = "Ada" },
            ["data"] = data,
        };
        change?.Invoke(evt);
        return Encoding.UTF8.GetBytes(new JsonObject { ["event"] = evt }.ToJsonString());
    }

    public static HttpResponseMessage ListOf(params IEnumerable<string> alertKeys) => ScriptedPagerDuty.Json(200, new JsonObject
    {
        ["alerts"] = new JsonArray([.. alertKeys.Select((key, i) => new JsonObject { ["id"] = $"A{i}", ["alert_key"] = key, ["status"] = "triggered" })]),
        ["notes"] = new JsonArray(),
        ["more"] = false,
    }.ToJsonString());

    private sealed class OnePolicy(Correlating owner) : IPagingPolicySource
    {
        public ValueTask<PagingPolicy?> GetAsync(CancellationToken cancellationToken) => new(owner.Policy);
    }
}
