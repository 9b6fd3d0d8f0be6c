using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A body that is too large for its message: stored before the 202, named by message, history and dead letter, removed after the last.</summary>
public sealed class PayloadLifeTests(AppFixture app) : IClassFixture<AppFixture>
{
    private readonly BridgeClient _bridge = app.Bridge;

    private TableClient Payloads => app.Host.Services.GetRequiredService<TableServiceClient>().GetTableClient(TableNames.Payloads);

    [Fact]
    public async Task A_body_is_stored_once_and_is_removed_with_the_deliveries_that_name_it()
    {
        var webhook = Large();
        (await _bridge.PostWebhookAsync(webhook)).Expect(202);
        var stored = await ClaimsAsync();
        await FireAsync(webhook);
        Assert.Equal([Assert.Single(stored)], await ClaimsAsync());

        var removed = (await _bridge.DeleteAsync($"{BridgeClient.AlertPath(webhook.Id)}/deliveries")).Expect(200).Json;

        Assert.Equal((1, 0), (removed.GetProperty("payloads").GetInt32(), removed.GetProperty("payloadsInUse").GetInt32()));
        Assert.Empty(await ClaimsAsync());
    }

    [Fact]
    public async Task A_body_that_a_dead_letter_needs_outlives_both_removals_and_goes_with_a_second_one()
    {
        var (id, claim) = await FireAsync(Large());
        await DeadLetterAsync(id, claim);

        var first = (await _bridge.DeleteAsync($"{BridgeClient.AlertPath(id)}/deliveries")).Expect(200).Json;
        Assert.Equal((0, 1), (first.GetProperty("payloads").GetInt32(), first.GetProperty("payloadsInUse").GetInt32()));
        await EnforceRetentionAsync(days: 10);
        Assert.Equal([claim], await ClaimsAsync());

        await RemoveDeadLetterAsync(id);
        var second = (await _bridge.DeleteAsync($"{BridgeClient.AlertPath(id)}/deliveries")).Expect(200).Json;
        Assert.Equal((1, 0), (second.GetProperty("payloads").GetInt32(), second.GetProperty("payloadsInUse").GetInt32()));
        Assert.Empty(await ClaimsAsync());
    }

    [Fact]
    public async Task A_body_that_a_dead_letter_needs_outlives_retention_and_goes_after_the_dead_letter()
    {
        var (id, claim) = await FireAsync(Large());
        await DeadLetterAsync(id, claim);
        (await _bridge.DeleteAsync($"{BridgeClient.AlertPath(id)}/deliveries")).Expect(200);

        await EnforceRetentionAsync(days: 60);
        Assert.Equal([claim], await ClaimsAsync());

        await RemoveDeadLetterAsync(id);
        await EnforceRetentionAsync(days: 40);
        Assert.Empty(await ClaimsAsync());
    }

    private async Task<(string Id, string Claim)> FireAsync(IncidentWebhook webhook)
    {
        await _bridge.FireAsync(webhook);
        await app.Queues.WaitUntilIdleAsync();
        return (webhook.Id, Assert.Single(await ClaimsAsync()));
    }

    private static IncidentWebhook Large() => IncidentWebhook.New(IncidentWebhook.NewId("payload")) with { Description = IncidentWebhook.Noise(600_000) };

    private async Task<IReadOnlyList<string>> ClaimsAsync() =>
        [.. (await Payloads.QueryAsync<TableEntity>(row => row.PartitionKey.CompareTo("sha") > 0).ToListAsync()).Select(row => row.PartitionKey).Distinct()];

    /// <summary>A message that names the body and that no build can read.</summary>
    private async Task DeadLetterAsync(string id, string claim)
    {
        var message = new ServiceBusMessage("") { MessageId = $"unreadable-{id}", SessionId = id, Subject = "unknown" };
        message.ApplicationProperties[MessageProperties.Claim] = claim;
        await app.Queues.SendAsync(Queues.AlertEvents, message);
        await app.Queues.WaitUntilIdleAsync();
        Assert.Equal(claim, (await app.Queues.PeekDeadLetterAsync(Queues.AlertEvents, id)).ApplicationProperties[MessageProperties.Claim]);
    }

    private async Task RemoveDeadLetterAsync(string id)
    {
        await using var receiver = app.Host.Bus.Client.CreateReceiver(Queues.AlertEvents, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var letter = Assert.Single(await receiver.ReceiveMessagesAsync(10));
        Assert.Equal(id, letter.SessionId);
        await receiver.CompleteMessageAsync(letter);
    }

    /// <summary>As the timer does, once a day instead of every hour.</summary>
    private async Task EnforceRetentionAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            app.Clock.Advance(TimeSpan.FromDays(1));
            await app.Host.InvokeTimerAsync("EnforceRetention");
        }
    }
}
