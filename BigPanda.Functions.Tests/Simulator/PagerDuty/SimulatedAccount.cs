using System.Text;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator.PagerDuty;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;
using BigPanda.LocalHost.Simulator.PagerDuty.Api;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Simulator.PagerDuty;

/// <summary>The account and the Events API of the simulator without HTTP, and what it published.</summary>
internal sealed class SimulatedAccount
{
    public const string Key = "0123456789abcdef0123456789abcdef";
    public const string OtherKey = "fedcba9876543210fedcba9876543210";

    private readonly EventsApi _events;

    public SimulatedAccount(int capacity = 10_000)
    {
        Settings = new(new PagerDutySimulatorOptions { RestKey = "rest", From = "bridge@example.com" });
        Account = new(Time, Published.Add, capacity);
        _events = new(Account, Settings, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero));

    public PagerDutySettings Settings { get; }

    public PagerDutyAccount Account { get; }

    public List<AccountEvent> Published { get; } = [];

    public IEnumerable<(string Type, string? Agent)> Types => Published.Select(one => (one.Type, one.Agent?.Summary));

    public EventsApi.Response Send(string json) => _events.Take(Encoding.UTF8.GetBytes(json));

    public EventsApi.Response Send(string action, string dedupKey, string routingKey = Key, string summary = "Disk full") => Send(new JsonObject
    {
        ["routing_key"] = routingKey,
        ["event_action"] = action,
        ["dedup_key"] = dedupKey,
        ["client"] = "BigPanda",
        ["client_url"] = "https://bigpanda.example.com/1#bigpanda:1:2",
        ["payload"] = new JsonObject { ["summary"] = summary, ["source"] = "web1", ["severity"] = "critical" },
    }.ToJsonString());

    public AccountIncident Incident(int index = 0) => Account.Incidents[index];
}
