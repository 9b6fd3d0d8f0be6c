using System.Collections.Concurrent;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>Polls the list of firing alerts and records when each alert was first listed as firing.</summary>
internal sealed class FiringMonitor(FaultTarget target)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentDictionary<(string Id, DateTimeOffset FiredAt), DateTimeOffset> _seen = [];

    public IEnumerable<ShownFiring> ShownFirings => _seen.Select(seen => new ShownFiring(seen.Key.Id, seen.Key.FiredAt, seen.Value));

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await PollAsync();
            await Task.Delay(Pause, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PollAsync()
    {
        try
        {
            if (target.Bridge is not { } bridge) return;
            var answer = await bridge.GetAsync("/api/alerts?status=firing&limit=200");
            if (answer.Status != 200) return;
            foreach (var alert in answer.Read<SeenPage>().Items)
            {
                if (alert.LastFiredAt is { } firedAt) _seen.TryAdd((alert.IncidentId, firedAt), target.Clock.GetUtcNow());
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // The host is down or does not answer.
        }
    }
}
