using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>The whole local host, in real time: ten minutes without storage, without the broker, and without both.</summary>
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

    /// <summary>
    /// Storage works meanwhile. It begins with the queue of actions: what is resolved then is applied, and its close lies in the outbox. What is resolved
    /// next, and whole incidents, wait in the other queue. What is sent during the outage is refused.
    /// </summary>
    [LongFact]
    public async Task Ten_minutes_without_the_broker_lose_nothing_and_make_no_dead_letter()
    {
        await using var host = await StartAsync();
        var (bridge, queues) = (new BridgeClient(host.Setup), new AppQueues(host.Bus));
        var bigPanda = new SimulatedBigPanda(host.Simulator ?? throw new InvalidOperationException("There is no simulator."));
        var (waiting, inOutbox, inQueue) = (NewIds("waits"), NewIds("outbox"), NewIds("queue"));
        string[] resolved = [.. inOutbox, .. inQueue];
        await bridge.PostWebhooksAsync(resolved.Select(id => IncidentWebhook.New(id)));
        foreach (var id in resolved) await bridge.WaitForAlertAsync(id, alert => alert.Fires);

        using (Refuse(host, BusOperations.Send, Queues.BigPandaActions))
        {
            await ResolveAsync(bridge, inOutbox);
            foreach (var id in inOutbox) await bridge.WaitForAlertAsync(id, alert => !alert.Fires);
            using (Refuse(host, BusOperations.Receive | BusOperations.Settle | BusOperations.Renew))
            {
                await ResolveAsync(bridge, inQueue);
                await bridge.PostWebhooksAsync(Lives(waiting));
                using (Refuse(host, BusOperations.Send))
                {
                    await Task.Delay(Outage, TimeProvider.System);
                    (await bridge.PostWebhookAsync(IncidentWebhook.Updated(resolved[0], 30))).Expect(503);
                    (await bridge.ResolveAsync(resolved[0], "once more", "ada")).Expect(503);
                }
            }
        }

        await WithinTwoMinutesAsync(
            async () => await queues.CountWaitingAsync() == 0 && await AllAsync(resolved, async id => (await bridge.GetAlertAsync(id)).IsSettled));
        await NothingIsLostAsync(bridge, queues, waiting);
        Assert.All(resolved, id => Assert.Equal(202, Assert.Single(bigPanda.Resolves(id)).Status));
    }

    private static IDisposable Refuse(LocalFunctionsHost host, BusOperations operations, string? queue = null) =>
        host.Bus.Faults.Refuse(operations, ServiceBusFailureReason.ServiceBusy, queue: queue);

    private static async Task ResolveAsync(BridgeClient bridge, string[] ids)
    {
        foreach (var id in ids) (await bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
    }

    private static async Task<bool> AllAsync(string[] ids, Func<string, Task<bool>> holds)
    {
        foreach (var id in ids)
        {
            if (!await holds(id)) return false;
        }

        return true;
    }

    private Task<LocalFunctionsHost> StartAsync() =>
        LocalFunctionsHost.StartAsync(HostOptions.In(_folder) with { InMemoryTables = false, RunsTimers = true }, CancellationToken.None);

    private async Task RunAsync(BusOperations refused)
    {
        await using var host = await StartAsync();
        var (bridge, queues, ids) = (new BridgeClient(host.Setup), new AppQueues(host.Bus), NewIds("long"));

        await host.Azurite.SuspendAsync(CancellationToken.None);
        await bridge.PostWebhooksAsync(Lives(ids));
        using (Refuse(host, refused)) await Task.Delay(Outage, TimeProvider.System);
        await host.Azurite.ResumeAsync(CancellationToken.None);

        await WithinTwoMinutesAsync(async () => await queues.CountWaitingAsync() == 0);
        await NothingIsLostAsync(bridge, queues, ids);
    }

    private static string[] NewIds(string name) => [.. Enumerable.Range(0, Incidents).Select(i => IncidentWebhook.NewId($"{name}-{i}"))];

    private static IEnumerable<IncidentWebhook> Lives(string[] ids) =>
        ids.SelectMany(id => new[] { IncidentWebhook.New(id), IncidentWebhook.Updated(id, 10), IncidentWebhook.Closed(id, 20) });

    private static async Task WithinTwoMinutesAsync(Func<Task<bool>> isApplied)
    {
        var recovered = TimeProvider.System.GetTimestamp();
        while (!await isApplied())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(recovered) < TimeSpan.FromMinutes(2), "Something still waits two minutes after the recovery.");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private static async Task NothingIsLostAsync(BridgeClient bridge, AppQueues queues, string[] ids)
    {
        foreach (var id in ids)
            Assert.Equal(("resolved", 1, 3), await bridge.GetAlertAsync(id) is { } alert ? (alert.Status, alert.Episode, alert.Timeline.Count) : default);
        Assert.Equal(0, Queues.All.Sum(queues.CountDeadLetters));
    }
}
