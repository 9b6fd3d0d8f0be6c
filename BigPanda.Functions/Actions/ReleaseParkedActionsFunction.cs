using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Actions;

/// <summary>Once a minute: sends the parked actions of each destination again if it accepts the key, and what a person has released from the brake.</summary>
public sealed partial class ReleaseParkedActionsFunction(
    IEnumerable<IActionTarget> targets, ParkedRelease release, HeldRelease held, TimeProvider time, ILogger<ReleaseParkedActionsFunction> logger)
{
    [Function("ReleaseParkedActions")]
    public async Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await Task.WhenAll(
        [
            TryAsync(() => held.RunAsync(time.GetUtcNow(), cancellationToken), cancellationToken),
            .. targets.Select(target => TryAsync(() => ReleaseAsync(target, cancellationToken), cancellationToken)),
        ]);

    private Task TryAsync(Func<Task> release, CancellationToken cancellationToken) =>
        StorageError.CatchOutageAsync(release, reason => Log.NotReleased(logger, reason), cancellationToken);

    private async Task ReleaseAsync(IActionTarget target, CancellationToken cancellationToken)
    {
        var actions = await release.ListAsync(target, due: time.GetUtcNow(), cancellationToken);
        if (actions.Count == 0) return;
        if (await target.FindObstacleAsync(cancellationToken) is { } obstacle) Log.StillParked(logger, actions.Count, obstacle);
        else await release.SendAsync(target, actions, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Count} actions stay parked: {Obstacle}")]
        public static partial void StillParked(ILogger logger, int count, string obstacle);

        [LoggerMessage(2, LogLevel.Warning, "Could not release the parked actions. Will retry in a minute: {Reason}")]
        public static partial void NotReleased(ILogger logger, string reason);
    }
}
