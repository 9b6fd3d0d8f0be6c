using System.Text;
using System.Text.Json.Nodes;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Correlation;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Correlation;

/// <summary>The correlator over tables in memory and a scripted PagerDuty, in virtual time.</summary>
internal sealed class Correlating : IAsyncDisposable
{
    public const string PageId = "20261101100000-1";

    private readonly PagerDutyInstance _instance;
    private readonly ScriptedPagerDuty _pagerDuty;
    private readonly PagerDutyCorrelator _correlator;

    private Correlating(VirtualWorld world, string mode)
    {
        var tables = new MemoryTables(world.Time);
        _pagerDuty = new ScriptedPagerDuty(world.Time) { Answer = call => Answer(call) };
        _instance = new PagerDutyInstance(world.Time, tables, _pagerDuty);
        Pages = new PageStore(tables);
        Foreign = new ForeignPageStore(tables);
        Alerts = new AlertStore(tables);
        var foreign = new ForeignIncidents(Foreign, Alerts, Options.Create(new PagerDutyOptions { Mode = mode }));
        _correlator = new PagerDutyCorrelator(
            new PageFinder(Pages, Alerts, _instance.Rest), Pages, foreign, new OnePolicy(this), _instance.Rest,
            new MessageSender(Bus, new BrokerGate(world.Time)));
    }

    public PageStore Pages { get; }

    public ForeignPageStore Foreign { get; }

    public AlertStore Alerts { get; }

    public RecordingBus Bus { get; } = new();

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
    public IReadOnlyList<PageChanged> Sent => [.. Bus.Sent.Select(message => Assert.IsType<PageChanged>(AlertEventMessages.Read(
        Azure.Messaging.ServiceBus.ServiceBusModelFactory.ServiceBusReceivedMessage(
            message.Body, message.MessageId, subject: message.Subject, properties: message.ApplicationProperties),
        message.Body)))];

    public static T Run<T>(Func<Correlating, Task<T>> test, string mode = "on") => VirtualWorld.Run(async world =>
    {
        await using var correlating = new Correlating(world, mode);
        return await test(correlating);
    });

    public static DedupKey KeyOf(string incidentId, string pageId = PageId) => DedupKey.Of(incidentId, pageId);

    public async Task AddAlertAsync(string incidentId) =>
        Assert.NotNull(await Alerts.SaveAsync(null, new Decision(PagedAlerts.Of(incidentId: incidentId), Verdict.Applied, []), [], CancellationToken.None));

    /// <summary>An alert with a page that is known to be PagerDuty's incident.</summary>
    public async Task AddPageAsync(string incidentId, string pagerIncident)
    {
        await AddAlertAsync(incidentId);
        await Pages.LinkAsync(KeyOf(incidentId), new(pagerIncident, null), CancellationToken.None);
    }

    public Task<CorrelationResult> CorrelateAsync(string type, string incident, Action<JsonObject>? change = null) => _correlator.CorrelateAsync(
        Event(type, incident, change), "identity", Deliveries.Start, new CallClaim(CallPriority.High), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        _pagerDuty.Dispose();
    }

    private static PagerDutyEvent Event(string type, string incident, Action<JsonObject>? change = null)
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
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["event"] = evt }.ToJsonString());
        return PagerDutyEvent.Read(body) ?? throw new InvalidOperationException("No event.");
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
