using System.Collections.Concurrent;
using System.Text;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>
/// The part of the app that applies events, on the local bus and Azurite, which refuse calls on demand, under a clock that the test
/// advances. Actions for BigPanda are taken off the queue and recorded, those for PagerDuty too.
/// </summary>
internal sealed class OutageHarness : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualTimeProvider _time;
    private readonly EmbeddedBus _bus;
    private readonly string _folder;
    private readonly ServiceProvider _services;
    private readonly Task _pumps;
    private int _atWork;

    private OutageHarness(EmbeddedBus bus, string folder, ManualTimeProvider time, string tables, PagingPolicy? paging)
    {
        (_bus, _folder, _time) = (bus, folder, time);
        Outages = new Outages(bus.Faults);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ServiceBusConnection:fullyQualifiedNamespace"] = "bus.example.com",
            ["StorageConnection"] = tables,
            ["KeyVaultUri"] = "https://vault.example.com",
            ["PagerDuty:Mode"] = paging is null ? "off" : "on",
        }).Build();
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        options.AddPolicy(Outages.OfStorage, HttpPipelinePosition.PerRetry);
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddBigPanda(configuration);
        services.AddLogging(logging => logging.AddProvider(Log));
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
        services.Replace(ServiceDescriptor.Singleton(new TableServiceClient(tables, options)));
        services.Replace(ServiceDescriptor.Singleton(Outages.Around(bus.Client)));
        services.Replace(ServiceDescriptor.Singleton<IPagingPolicySource>(new FixedPolicy(paging)));
        _services = services.AddTransient<ApplyAlertEventFunction>().AddTransient<SendPendingActionsFunction>().BuildServiceProvider();
        _pumps = Task.WhenAll(
            PumpAsync(Queues.AlertEvents, ApplyAsync), PumpAsync(Queues.BigPandaActions, RecordActionAsync),
            PumpAsync(Queues.PagerDutyActions, RecordActionAsync));
    }

    public Outages Outages { get; }

    public BusFaults Faults => _bus.Faults;

    public LogCapture Log { get; } = new();

    public ConcurrentQueue<(AlertAction Action, string MessageId)> Actions { get; } = [];

    public DateTimeOffset Now => _time.GetUtcNow();

    public int DeadLetters => Queues.All.Sum(queue => _bus.Count(queue).DeadLettered);

    public int Waiting => Queues.All.Select(_bus.Count).Sum(count => count.Active + count.Locked + count.Scheduled);

    /// <param name="paging">Null: PagerDuty is off.</param>
    public static async Task<OutageHarness> StartAsync(AzuriteFixture azurite, PagingPolicy? paging = null)
    {
        var folder = Directory.CreateTempSubdirectory("bigpanda-pressure-").FullName;
        var time = new ManualTimeProvider();
        // BigPanda's clock and ours are equal.
        time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(IncidentWebhook.Start).AddHours(1));
        // Only the timers of the app's own work tell whether it waits.
        var bus = await EmbeddedBus.OpenAsync(folder, QueueDeclarations.For([]), time.Uncounted, NullLogger.Instance, CancellationToken.None);
        var bridge = new OutageHarness(bus, folder, time, azurite.ConnectionString, paging);
        await AppTables.CreateAsync(bridge._services, CancellationToken.None);
        return bridge;
    }

    /// <summary>Sends a webhook as the intake does after checking it.</summary>
    public async Task SendWebhookAsync(IncidentWebhook webhook)
    {
        var body = Encoding.UTF8.GetBytes(webhook.ToJson());
        var message = DeliveryMessages.Of(webhook.Id, MessageIdentity.OfDelivery("main", body, out _), "main", Now);
        await _services.GetRequiredService<MessageBodies>().PackAsync(message, body, null, CancellationToken.None);
        await _services.GetRequiredService<MessageSender>().SendAsync(Queues.AlertEvents, message, CancellationToken.None);
    }

    public Task SendAsync(ServiceBusMessage evt) =>
        _services.GetRequiredService<MessageSender>().SendAsync(Queues.AlertEvents, evt, CancellationToken.None);

    public async Task ResolveAsync(string incidentId)
    {
        var alert = (await GetAlertAsync(incidentId))?.Alert ?? throw new InvalidOperationException($"{incidentId} has no alert.");
        var seen = alert.History.Marks[^1].Stamp;
        var request = new ResolveRequested(
            incidentId, seen, ResolvedVia.Api, "ada", "fixed", Now, MessageIdentity.Of("resolve", incidentId, $"{Now.UtcTicks}"));
        await _services.GetRequiredService<MessageSender>().SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), CancellationToken.None);
    }

    public Task<StoredAlert?> GetAlertAsync(string incidentId) => _services.GetRequiredService<AlertStore>().LoadAsync(incidentId, CancellationToken.None);

    public Task SweepAsync() => _services.GetRequiredService<SendPendingActionsFunction>().RunAsync(new TimerInfo(), CancellationToken.None);

    public Task LoseLocksAsync() => _bus.LoseLocksAsync(Queues.AlertEvents);

    /// <summary>Waits until every message is settled, without advancing the clock: no message may be waiting for an outage to end.</summary>
    public Task WaitUntilDrainedAsync() => Eventually.Async(() => Task.FromResult(Waiting), waiting => waiting == 0, "the queues are empty");

    /// <summary>Advances a step at a time: work that a timer starts ends or waits again before the next one.</summary>
    /// <param name="done">Stops early when it returns true.</param>
    /// <param name="step">Null: five seconds. During a long outage what waits waits for minutes, so that a longer step changes nothing.</param>
    public async Task AdvanceAsync(TimeSpan by, Func<bool>? done = null, TimeSpan? step = null)
    {
        for (var end = Now + by; Now < end && done?.Invoke() != true;)
        {
            _time.Advance(step ?? TimeSpan.FromSeconds(5));
            await WaitUntilQuietAsync();
        }
    }

    private async Task WaitUntilQuietAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var quiet = 0; quiet < 3; quiet = IsQuiet ? quiet + 1 : 0)
        {
            // Far longer than a call takes, so it only ends a test that has failed.
            var isStuck = TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromMinutes(2);
            Assert.False(isStuck, $"{_atWork} handlers are at work, {_time.TimersSet} timers are set, a call is under way: {Outages.AnyUnderWay}.");
            await Task.Delay(2);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        await _pumps.WaitAsync(TimeSpan.FromSeconds(30));
        await _services.DisposeAsync();
        await _bus.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Every handler at work waits for a timer.</summary>
    private bool IsQuiet => !Outages.AnyUnderWay && Volatile.Read(ref _atWork) <= _time.TimersSet;

    private Task PumpAsync(string queue, Func<ServiceBusReceivedMessage, ServiceBusMessageActions, CancellationToken, Task> handle) => _bus.RunSessionsAsync(
        queue,
        new SessionPumpOptions
        {
            MaxConcurrentSessions = 256,
            SessionIdleTimeout = TimeSpan.FromSeconds(1),
            MaxAutoLockRenewalDuration = TimeSpan.FromMinutes(10),
        },
        async (message, actions, cancellationToken) =>
        {
            Outages.CountDelivery();
            Interlocked.Increment(ref _atWork);
            try
            {
                await handle(message, Outages.Around(actions), cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _atWork);
            }
        },
        _stop.Token);

    private Task ApplyAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        _services.GetRequiredService<ApplyAlertEventFunction>().RunAsync(message, actions, cancellationToken);

    private async Task RecordActionAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        Actions.Enqueue((ActionMessages.Read(message), message.MessageId));
        await actions.CompleteMessageAsync(message, cancellationToken);
    }

    private sealed class FixedPolicy(PagingPolicy? policy) : IPagingPolicySource
    {
        public ValueTask<PagingPolicy?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(policy);
    }
}
