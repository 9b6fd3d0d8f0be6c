using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>The whole local host, in real time: ten minutes without storage, with what a broker that refuses adds to it.</summary>
public sealed class LongOutageTests : IAsyncDisposable
{
    private const int Incidents = 50;
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("bigpanda-long-").FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [LongFact]
    public async Task Ten_minutes_without_storage_lose_nothing_and_make_no_dead_letter()
    {
        var log = new EveryLine();
        var options = new LocalHostOptions { Port = 0, SimulatorPort = 0, DataDirectory = _folder, ConfigureLogging = logging => logging.AddProvider(log) };
        await using var host = await LocalFunctionsHost.StartAsync(options, CancellationToken.None);
        var (bridge, queues) = (new BridgeClient(host.Setup), new AppQueues(host.Bus));
        var ids = Enumerable.Range(0, Incidents).Select(i => IncidentWebhook.NewId($"long-{i}")).ToArray();

        await host.Azurite.SuspendAsync(CancellationToken.None);
        await bridge.TellAsync(ids.SelectMany(id => new[] { IncidentWebhook.New(id), IncidentWebhook.Updated(id, 10), IncidentWebhook.Closed(id, 20) }));
        await Task.Delay(Outage, TimeProvider.System);
        await host.Azurite.ResumeAsync(CancellationToken.None);
        var recovered = TimeProvider.System.GetTimestamp();
        for (var drained = false; !drained;)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(recovered) < TimeSpan.FromMinutes(2), "Something still waits two minutes after the recovery.");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            drained = await queues.LeftAsync() == 0;
        }

        foreach (var id in ids) Assert.Equal(("resolved", 1, 3), (await bridge.AlertAsync(id)) is { } alert ? (alert.Status, alert.Episode, alert.Timeline.Count) : default);
        Assert.Equal(0, BigPanda.Functions.Messaging.Queues.All.Sum(queues.DeadLetters));
    }
}
