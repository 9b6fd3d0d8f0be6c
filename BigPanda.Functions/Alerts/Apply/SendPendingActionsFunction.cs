using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Apply;

/// <summary>Every minute, sends the actions that the broker refused when their event was applied.</summary>
public sealed partial class SendPendingActionsFunction(Outbox outbox, ILogger<SendPendingActionsFunction> logger)
{
    [Function("SendPendingActions")]
    public Task RunAsync([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) => StorageError.CatchOutageAsync(
        async () =>
        {
            if (await outbox.SweepAsync(cancellationToken) is > 0 and var alerts) Log.Sent(logger, alerts);
        },
        reason => Log.StillPending(logger, reason),
        cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Sent the pending actions of {Alerts} alerts")]
        public static partial void Sent(ILogger logger, int alerts);

        [LoggerMessage(2, LogLevel.Warning, "Could not send pending actions. Will retry in a minute: {Reason}")]
        public static partial void StillPending(ILogger logger, string reason);
    }
}
