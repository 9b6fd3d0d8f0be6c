using System.Collections.Concurrent;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Somebody who reads the list of firing alerts all the time, and remembers when each was first shown as fired.</summary>
internal sealed class Onlooker(Stage stage)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentDictionary<(string Id, DateTimeOffset FiredAt), DateTimeOffset> _seen = [];

    public IEnumerable<Shown> Shown => _seen.Select(seen => new Shown(seen.Key.Id, seen.Key.FiredAt, seen.Value));

    public async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await LookAsync();
            await Task.Delay(Pause, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync()
    {
        try
        {
            if (stage.Bridge is not { } bridge) return;
            var answer = await bridge.GetAsync("/api/alerts?status=firing&limit=200");
            if (answer.Status != 200) return;
            foreach (var alert in answer.Read<SeenPage>().Items)
            {
                if (alert.LastFiredAt is { } firedAt) _seen.TryAdd((alert.IncidentId, firedAt), stage.Clock.GetUtcNow());
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // The host is down, or hangs.
        }
    }
}
