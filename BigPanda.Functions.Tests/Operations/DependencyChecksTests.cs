using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Operations;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.PagerDuty.Connection;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Operations;

[Collection(BridgeCollection.Name)]
public sealed class DependencyChecksTests(AppFixture app)
{
    [Fact]
    public async Task A_dependency_that_hangs_is_reported_within_20_seconds()
    {
        var services = app.Host.Services;
        var time = new ManualTimeProvider();
        var checks = new DependencyChecks(
            services.GetRequiredService<TableServiceClient>(), new HangingBus(), services.GetRequiredService<BigPandaClient>(),
            services.GetRequiredService<PagerDutyReadiness>(), services.GetRequiredService<ParkedActions>(), services.GetRequiredService<AppMetrics>(), time);

        var run = checks.RunAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(20));
        var states = await run.WaitAsync(Eventually.Deadline);

        Assert.Contains(new DependencyState("serviceBus", false, "no response within 20 seconds"), states);
    }

    private sealed class HangingBus : ServiceBusClient
    {
        public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) => new HangingReceiver();
    }

    private sealed class HangingReceiver : ServiceBusReceiver
    {
        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
            int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
            new TaskCompletionSource<IReadOnlyList<ServiceBusReceivedMessage>>().Task;
    }
}
