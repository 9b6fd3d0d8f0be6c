using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>One incident on the app, with PagerDuty played, in virtual time: what is sent is handled at its time, events of the alert included.</summary>
internal sealed class PagingWorld : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private int _events;

    private PagingWorld(VirtualWorld world, bool hasRestKey)
    {
        _time = world.Time;
        (Tables, PagerDuty, Bus) = (new MemoryTables(_time), new PlayedPagerDuty(_time), new PagingBus(_time));
        Instance = NewInstance();
        if (!hasRestKey) Instance.Stored = Instance.Stored is { } stored ? stored with { RestKey = null, From = null } : null;
    }

    public MemoryTables Tables { get; }

    public PlayedPagerDuty PagerDuty { get; }

    public PagingBus Bus { get; }

    public PagerDutyInstance Instance { get; }

    public PagingPolicy Policy { get; set; } = new() { DefaultKeyId = PagerDutyInstance.Main.Id };

    /// <summary>While false no planner is asked.</summary>
    public bool IsConnected { get; set; } = true;

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The actions in BigPanda that were sent.</summary>
    public List<AlertAction> InBigPanda { get; } = [];

    /// <summary>Kind and reason of every entry.</summary>
    public async Task<IReadOnlyList<string>> TimelineAsync()
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(Deliveries.IncidentId)}");
        var rows = await Tables.GetTableClient(TableNames.Alerts).QueryAsync<TableEntity>(filter).ToListAsync();
        return
        [
            .. from row in rows
               where row.RowKey.StartsWith(TimelineRows.First, StringComparison.Ordinal)
               from entry in TimelineRows.Read(row)
               select $"{entry.Kind}: {entry.Reason}",
        ];
    }

    public static void Run(Func<PagingWorld, Task> play, bool hasRestKey = true) => VirtualWorld.Run(async world =>
    {
        await using var paging = new PagingWorld(world, hasRestKey);
        await play(paging);
        return true;
    });

    public PagerDutyInstance NewInstance(string mode = "on") => new(
        _time, Tables, PagerDuty,
        services =>
        {
            services.Replace(ServiceDescriptor.Singleton<ServiceBusClient>(Bus));
            services.Replace(ServiceDescriptor.Singleton<IPagingPolicySource>(new OnePolicy(this)));
            services.AddTransient<ActInPagerDutyFunction>();
        },
        ("PagerDuty:Mode", mode));

    public async Task<Alert> LoadAsync(string incidentId = Deliveries.IncidentId) =>
        (await Instance.Get<AlertStore>().LoadAsync(incidentId, CancellationToken.None))?.Alert ?? throw new InvalidOperationException("No alert.");

    /// <summary>PagerDuty answers another event of the key with 429: nothing with this key is sent for so long.</summary>
    public async Task PauseEventsAsync(int seconds)
    {
        var before = PagerDuty.Fates;
        PagerDuty.Fates = what => what == "other" ? new Fate(Status: 429, RetryAfter: $"{seconds}") : before(what);
        await Instance.Events.EnqueueAsync(
            new CallClaim(CallPriority.Urgent), PagerDutyInstance.Main, PagerDutyInstance.Body("""{"event_action":"other"}"""), CancellationToken.None);
        PagerDuty.Fates = before;
    }

    public Task DelayUntilAsync(DateTimeOffset at, CancellationToken cancellationToken) => Task.Delay(at - Now, _time, cancellationToken);

    public async Task<Page> PageAsync() => (await LoadAsync()).PagerDuty?.Latest ?? throw new InvalidOperationException("No page.");

    public Task<StoredPage?> StoredAsync(Page page) =>
        Instance.Get<PageStore>().FindAsync(DedupKey.Of(Deliveries.IncidentId, page.Id), CancellationToken.None);

    /// <summary>Applies an event at once; what it leads to waits.</summary>
    public Task ApplyAsync(AlertEvent evt) => ApplyAsync(evt, Instance);

    public static Task ApplyAsync(AlertEvent evt, PagerDutyInstance instance) =>
        instance.Get<AlertEventHandler>().HandleAsync(evt, null, isRedelivery: false, CancellationToken.None);

    /// <summary>The person's resolve as PagerDuty's webhook brings it.</summary>
    public async Task ApplyWebhookAsync(PageChange change, string? person, DateTimeOffset? at = null)
    {
        var page = await PageAsync();
        var changed = new PageChanged(Deliveries.IncidentId, page.Id, change, person, null, at ?? Now, $"webhook-{_events++}");
        await ApplyAsync(Policy.Apply((await StoredAsync(page))?.WithSeen(changed) ?? changed));
    }

    /// <summary>Handles what is due within the time, at its time.</summary>
    public async Task WorkAsync(TimeSpan time)
    {
        var end = Now + time;
        while (Bus.Next is { } next && next.Due <= end)
        {
            if (next.Due > Now) await Task.Delay(next.Due - Now, _time, CancellationToken.None);
            Bus.Waiting.Remove(next);
            await HandleAsync(next, Instance);
        }

        if (end > Now) await Task.Delay(end - Now, _time, CancellationToken.None);
    }

    public Task WorkAsync(int seconds = 3600) => WorkAsync(TimeSpan.FromSeconds(seconds));

    public async Task HandleAsync(WaitingMessage message, PagerDutyInstance instance, CancellationToken stopping = default)
    {
        var received = message.Received;
        if (message.Queue == Queues.AlertEvents) await ApplyAsync(instance.Get<AlertEventReader>().Read(received, received.Body), instance);
        else if (message.Queue == Queues.PagerDutyActions)
            await instance.Get<ActInPagerDutyFunction>().RunAsync(received, Bus.ActionsFor(message), stopping);
        else InBigPanda.Add(Functions.Actions.ActionMessages.Read(received));
    }

    public ValueTask DisposeAsync() => Instance.DisposeAsync();

    private sealed class OnePolicy(PagingWorld world) : IPagingPolicySource
    {
        public ValueTask<PagingPolicy?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(world.IsConnected ? world.Policy : null);
    }
}
