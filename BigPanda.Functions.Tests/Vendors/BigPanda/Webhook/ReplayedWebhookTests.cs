using System.Text;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;
using BigPanda.Functions.Vendors.BigPanda.Webhook;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

/// <summary>Recorded webhooks that are posted again, by whoever recorded them: in virtual time, on a broker that no longer knows their ids.</summary>
public sealed class ReplayedWebhookTests
{
    private const string Id = Deliveries.IncidentId;

    private static readonly DateTimeOffset Posted = DateTimeOffset.FromUnixTimeSeconds(IncidentWebhook.Start).AddHours(1);

    private static readonly IncidentWebhook[] Life =
    [
        IncidentWebhook.New(Id), IncidentWebhook.Updated(Id, 60) with { Severity = "Warning" }, IncidentWebhook.Closed(Id, 120),
        IncidentWebhook.Reopened(Id, 180), IncidentWebhook.Updated(Id, 240),
    ];

    /// <summary>The window of duplicate detection is ten minutes here, and seven days at most.</summary>
    [Theory]
    [InlineData(1.0 / 1440)]
    [InlineData(11.0 / 1440)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(30)]
    public void They_change_nothing_and_do_nothing(double days) => PagingWorld.Run(async world =>
    {
        foreach (var webhook in Life) await PostAsync(world, webhook, 0);
        Assert.True((await world.LoadAsync()).IsFiring);
        await ReplayAsync(world, Life, days);

        await world.ApplyAsync(Deliveries.Resolve(await world.LoadAsync(), 400));
        await ReplayAsync(world, Life, days);

        var closed = IncidentWebhook.Closed(Id, 300);
        await PostAsync(world, closed, 0);
        Assert.Equal(SyncState.InSync, (await world.LoadAsync()).BigPanda.State);
        await ReplayAsync(world, [.. Life, closed], days);
    });

    /// <summary>After the time, in the order of the recording and backwards.</summary>
    private static async Task ReplayAsync(PagingWorld world, IncidentWebhook[] recorded, double days)
    {
        await world.WorkAsync(TimeSpan.FromHours(1));
        var before = await SeenAsync(world);

        await world.WorkAsync(TimeSpan.FromDays(days));
        foreach (var webhook in recorded.Concat(recorded.Reverse())) await PostAsync(world, webhook, days);
        await world.WorkAsync(TimeSpan.FromHours(1));

        Assert.Equal(before, await SeenAsync(world));
    }

    private static async Task PostAsync(PagingWorld world, IncidentWebhook webhook, double days)
    {
        var body = Encoding.UTF8.GetBytes(webhook.ToJson());
        var message = DeliveryMessages.Of(Id, MessageIdentity.OfDelivery("main", body, out _), "main", Posted.AddDays(days));
        message.Body = BinaryData.FromBytes(body);
        world.Bus.Add(Queues.AlertEvents, message, deliveries: 2);
        await world.WorkAsync(seconds: 1);
    }

    /// <summary>Everything but the timeline and the list of messages.</summary>
    private static async Task<string> SeenAsync(PagingWorld world)
    {
        var alert = await world.LoadAsync();
        var seen = new Alert
        {
            IncidentId = Id,
            Life = alert.Life,
            Content = alert.Content,
            BigPanda = alert.BigPanda,
            PagerDuty = alert.PagerDuty,
            History = alert.History,
        };
        var calls = world.PagerDuty.Calls.Select(call => call.What).Concat(world.InBigPanda.Select(action => action.Kind));
        return $"{JsonSerializer.Serialize(seen, StoredAlertJson.Default.Alert)} {string.Join(',', calls)}";
    }
}
