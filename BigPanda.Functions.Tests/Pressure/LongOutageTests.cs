using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>The whole local host in real time: ten minutes without storage, and without storage and broker.</summary>
public sealed class LongOutageTests : IDisposable
{
    private const int Incidents = 50;
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("bigpanda-long-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LongFact]
    public Task Ten_minutes_without_storage_lose_nothing_and_make_no_dead_letter() => RunAsync(BusOperations.None);

    [LongFact]
    public Task Ten_minutes_without_storage_and_broker_lose_nothing_and_make_no_dead_letter() => RunAsync(BusOperations.All);

    private async Task RunAsync(BusOperations refused)
    {
        var options = new LocalHostOptions { Port = 0, SimulatorPort = 0, DataDirectory = _folder };
        await using var host = await LocalFunctionsHost.StartAsync(options, CancellationToken.None);
        var (bridge, queues) = (new BridgeClient(host.Setup), new AppQueues(host.Bus));
        var ids = Enumerable.Range(0, Incidents).Select(i => IncidentWebhook.NewId($"long-{i}")).ToArray();

        await host.Azurite.SuspendAsync(CancellationToken.None);
        await bridge.PostWebhooksAsync(
            ids.SelectMany(id => new[] { IncidentWebhook.New(id), IncidentWebhook.Updated(id, 10), IncidentWebhook.Closed(id, 20) }));
        using (host.Bus.Faults.Refuse(refused, ServiceBusFailureReason.ServiceBusy)) await Task.Delay(Outage, TimeProvider.System);
        await host.Azurite.ResumeAsync(CancellationToken.None);
        var recovered = TimeProvider.System.GetTimestamp();
        for (var left = int.MaxValue; left > 0; left = await queues.CountWaitingAsync())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(recovered) < TimeSpan.FromMinutes(2), "Something still waits two minutes after the recovery.");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }

        foreach (var id in ids)
            Assert.Equal(("resolved", 1, 3), await bridge.GetAlertAsync(id) is { } alert ? (alert.Status, alert.Episode, alert.Timeline.Count) : default);
        Assert.Equal(0, Queues.All.Sum(queues.CountDeadLetters));
    }
}
