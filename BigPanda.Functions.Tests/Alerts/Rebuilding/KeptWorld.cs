using System.Text;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.Functions.Tests.Alerts.Rebuilding;

/// <summary>The app that applies one incident's messages, on tables in memory, by a clock that the test moves.</summary>
internal sealed class KeptWorld : IAsyncDisposable
{
    public const string Id = "incident-1";

    private readonly ServiceProvider _services;
    private readonly ApplyAlertEventFunction _function;

    public KeptWorld(params IEnumerable<(string Key, string Value)> settings)
        : this(null, settings)
    {
    }

    /// <param name="other">Another instance of the app, whose tables and clock are shared.</param>
    public KeptWorld(KeptWorld? other, params IEnumerable<(string Key, string Value)> settings)
    {
        Time = other?.Time ?? new ManualTimeProvider();
        Tables = other?.Tables ?? new MemoryTables(Time);
        if (other is null) Time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(IncidentWebhook.Start));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("KeyVaultUri", "https://vault.example.net"), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]).Build();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Time).AddBigPanda(configuration);
        services.Replace(ServiceDescriptor.Singleton<TableServiceClient>(Tables));
        services.Replace(ServiceDescriptor.Singleton<ServiceBusClient>(Queue));
        _services = services.BuildServiceProvider();
        _function = ActivatorUtilities.CreateInstance<ApplyAlertEventFunction>(_services);
    }

    public ManualTimeProvider Time { get; }

    public MemoryTables Tables { get; }

    public ActionQueue Queue { get; } = new();

    public TableClient Alerts => Tables.GetTableClient(TableNames.Alerts);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public async Task<StoredAlert> LoadAsync() =>
        await Get<AlertStore>().LoadAsync(Id, CancellationToken.None) ?? throw new InvalidOperationException("There is no alert.");

    public async Task<RebuildReport> RebuildAsync() =>
        await Get<Rebuilder>().RunAsync([Id], CancellationToken.None) ?? throw new InvalidOperationException("There is no alert.");

    public Task<int> ExpireAsync(DateTimeOffset cutoff) => Get<DeliveryExpiry>().RunAsync(cutoff, 100, CancellationToken.None);

    /// <summary>The rows of the timeline, whole.</summary>
    public async Task<IReadOnlyList<TableEntity>> RowsAsync() =>
        await Alerts.QueryAsync<TableEntity>(TimelineRows.Between(Id, 0, int.MaxValue)).ToListAsync();

    public Task WebhookAsync(IncidentWebhook webhook) => WebhookAsync(webhook.ToJson());

    public async Task WebhookAsync(string json, string source = "main")
    {
        var body = Encoding.UTF8.GetBytes(json);
        var message = DeliveryMessages.Of(Id, MessageIdentity.OfDelivery(source, body, out _), source, Time.GetUtcNow(), "{primary}: {description}");
        await Get<MessageBodies>().PackAsync(message, body, null, CancellationToken.None);
        await ReceiveAsync(message);
    }

    /// <summary>The message is delivered, and handled to its end.</summary>
    public async Task ReceiveAsync(ServiceBusMessage message, int deliveries = 1)
    {
        var received = ServiceBusModelFactory.ServiceBusReceivedMessage(
            message.Body, message.MessageId, sessionId: message.SessionId, subject: message.Subject, properties: message.ApplicationProperties,
            deliveryCount: deliveries, enqueuedTime: Time.GetUtcNow().AddMilliseconds(-20));
        var before = Queue.Completed;
        await _function.RunAsync(received, Queue.ActionsFor(received), CancellationToken.None);
        Assert.Equal(before + 1, Queue.Completed);
    }

    public async Task ResolveAsync(string actor = "ada", string? comment = "replaced the disk")
    {
        var alert = (await LoadAsync()).Alert;
        var request = Deliveries.Resolve(alert, 0, actor, comment) with { RequestedAt = Time.GetUtcNow() };
        await ReceiveAsync(AlertEventMessages.Of(request));
    }

    /// <summary>The stored alert is changed by hand.</summary>
    public async Task TamperAsync(Func<Alert, Alert> change)
    {
        var stored = await LoadAsync();
        var row = AlertRows.Write(change(stored.Alert), stored.Pending, TableKey.Of(Id));
        row.RowKey = AlertStore.AlertRow;
        stored.Kept.WriteTo(row);
        await Alerts.UpdateEntityAsync(row, stored.ETag, TableUpdateMode.Replace);
    }

    /// <summary>Random messages of every kind that the incident can have.</summary>
    public async Task LiveAsync(Random random, int steps)
    {
        await WebhookAsync(IncidentWebhook.New(Id, Second));
        for (var i = 0; i < steps; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(random.Next(1, 400)));
            var alert = (await LoadAsync()).Alert;
            switch (random.Next(8))
            {
                case 0:
                    await WebhookAsync(IncidentWebhook.Closed(Id, Second));
                    break;
                case 1:
                    await WebhookAsync(IncidentWebhook.Reopened(Id, Second) with { Severity = random.Next(2) == 0 ? "Warning" : "Critical" });
                    break;
                case 2 when alert.IsFiring:
                    await ResolveAsync(random.Next(2) == 0 ? "ada" : "grace", $"comment {i}");
                    break;
                case 3 when alert.BigPanda.ActionId is not null:
                    var result = (ActionResult)random.Next(6);
                    var report = Deliveries.CloseOutcome(alert, result, i) with { At = Time.GetUtcNow(), MessageId = $"outcome-{i}" };
                    await ReceiveAsync(AlertEventMessages.Of(report));
                    break;
                case 4:
                    await ReceiveAsync(AlertEventMessages.Of(new CommentRequested(Id, "api", "grace", $"note {i}", Time.GetUtcNow(), $"comment-{i}")));
                    break;
                default:
                    var at = Second - (random.Next(4) == 0 ? random.Next(2000) : 0);
                    await WebhookAsync(IncidentWebhook.Updated(Id, at) with { Description = $"CPU {random.Next(100)}%", Alerts = random.Next(2, 9) });
                    break;
            }
        }
    }

    private long Second => Time.GetUtcNow().ToUnixTimeSeconds() - IncidentWebhook.Start;
}
