using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>Once a minute: when actions are parked and BigPanda accepts the key, sends them again.</summary>
public sealed partial class ReleaseParkedActionsFunction(ParkedRelease release, BigPandaClient client, TimeProvider time, ILogger<ReleaseParkedActionsFunction> logger)
{
    [Function("ReleaseParkedActions")]
    public async Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            await ReleaseAsync(cancellationToken);
        }
        // The next minute tries again; an exception would be counted as a defect of ours.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (StorageError.IsOutage(e) || MessageSender.IsOutage(e)))
        {
            Log.NotReleased(logger, StorageError.Describe(e));
        }
    }

    private async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        var waiting = await release.ListAsync(rested: time.GetUtcNow(), cancellationToken);
        if (waiting.Count == 0) return;
        var check = await client.CheckKeyAsync(cancellationToken);
        if (check.Result == ApiResult.Done) await release.SendAsync(waiting, cancellationToken);
        else Log.StillParked(logger, waiting.Count, check.Detail);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Count} actions are parked: {Detail}")]
        public static partial void StillParked(ILogger logger, int count, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Parked actions could not be released. It is tried again in a minute: {Reason}")]
        public static partial void NotReleased(ILogger logger, string reason);
    }
}
