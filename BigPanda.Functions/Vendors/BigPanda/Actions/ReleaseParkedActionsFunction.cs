using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>Once a minute: sends the parked actions again if BigPanda accepts the key.</summary>
public sealed partial class ReleaseParkedActionsFunction(
    ParkedRelease release, BigPandaClient client, TimeProvider time, ILogger<ReleaseParkedActionsFunction> logger)
{
    [Function("ReleaseParkedActions")]
    public async Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            await ReleaseAsync(cancellationToken);
        }
        // Retried in a minute. An exception would count as a defect and fire the alert functions-failing.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (StorageError.IsOutage(e) || MessageSender.IsOutage(e)))
        {
            Log.NotReleased(logger, StorageError.Describe(e));
        }
    }

    private async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        var actions = await release.ListAsync(due: time.GetUtcNow(), cancellationToken);
        if (actions.Count == 0) return;
        var check = await client.CheckKeyAsync(cancellationToken);
        if (check.Result == ApiResult.Done) await release.SendAsync(actions, cancellationToken);
        else Log.StillParked(logger, actions.Count, check.Detail);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Error,
            "{Count} actions stay parked: the check of the API key returned {Detail}. If it is 401 or 403, store a valid key with PUT /connection")]
        public static partial void StillParked(ILogger logger, int count, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Could not release the parked actions. Will retry in a minute: {Reason}")]
        public static partial void NotReleased(ILogger logger, string reason);
    }
}
