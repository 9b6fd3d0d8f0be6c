using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>
/// Many incidents at once on several instances in virtual time: each queue handles as many sessions at a time as host.json allows an instance, and a session's
/// messages in order.
/// </summary>
internal sealed class PagingStorm : IAsyncDisposable
{
    /// <summary>maxConcurrentSessions of host.json.</summary>
    private const int SessionsOfAnInstance = 256;

    private readonly PagingWorld _world;
    private readonly IReadOnlyList<PagerDutyInstance> _instances;
    private readonly HashSet<(string Queue, string Session)> _busy = [];
    private readonly List<Task> _running = [];
    private int _turn;

    public PagingStorm(PagingWorld world, int instances)
    {
        _world = world;
        _instances = [world.Instance, .. Enumerable.Range(1, instances - 1).Select(_ => world.NewInstance())];
    }

    /// <summary>Handles what is due, as much at once as the instances do, until nothing waits that is due before the end.</summary>
    public async Task WorkUntilAsync(DateTimeOffset end)
    {
        while (true)
        {
            _running.RemoveAll(task => task.IsCompletedSuccessfully);
            foreach (var message in _world.Bus.Waiting.Where(one => one.Due <= _world.Now).OrderBy(one => one.Due).ToList()) TryStart(message);
            if (_running.Find(task => task.IsCompleted && !task.IsCompletedSuccessfully) is { } failed) await failed;
            if (_world.Now >= end) return;
            using var moved = new CancellationTokenSource();
            await Task.WhenAny([.. _running, _world.DelayUntilAsync(NextDue(end), moved.Token)]);
            moved.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances.Skip(1)) await instance.DisposeAsync();
    }

    private DateTimeOffset NextDue(DateTimeOffset end) =>
        _world.Bus.Waiting.Select(one => one.Due).Where(due => due > _world.Now).Append(end).Min();

    private void TryStart(WaitingMessage message)
    {
        var key = (message.Queue, message.Message.SessionId);
        if (_busy.Contains(key) || _busy.Count(one => one.Queue == message.Queue) >= SessionsOfAnInstance * _instances.Count) return;
        _busy.Add(key);
        _world.Bus.Waiting.Remove(message);
        _running.Add(HandleAsync());

        async Task HandleAsync()
        {
            await _world.HandleAsync(message, _instances[_turn++ % _instances.Count]);
            _busy.Remove(key);
        }
    }
}
