using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>Once a minute: when actions are parked and BigPanda accepts the key, sends them again.</summary>
public sealed partial class ReleaseParkedActionsFunction(
    ParkedActions parked, BigPandaClient client, BigPandaActions bigPanda, MessageSender sender, ILogger<ReleaseParkedActionsFunction> logger)
{
    [Function("ReleaseParkedActions")]
    public async Task RunAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        // A good key does not help one that no environment is known for: sent again it would be parked again, every minute.
        var waiting = (await parked.ListAsync(cancellationToken)).Where(waits => bigPanda.HasEnvironment(waits.Action)).ToList();
        if (waiting.Count == 0) return;
        var check = await client.CheckKeyAsync(cancellationToken);
        if (check.Result != ApiResult.Done)
        {
            Log.StillParked(logger, waiting.Count, check.Detail);
            return;
        }

        foreach (var waits in waiting)
        {
            // Told before it is sent: what comes of it must not be overtaken by the news that it was released.
            await bigPanda.ReportAsync(waits.Action, ActionResult.Released, 0, "BigPanda accepts the API key: it is sent again", cancellationToken);
            // The time it was parked makes the message's id: released twice by a crash in between, it is sent once.
            await sender.SendAsync(Queues.BigPandaActions, ActionMessages.Of(waits.Action, $"{waits.ParkedAt.UtcTicks}"), cancellationToken);
            await parked.RemoveAsync(waits, cancellationToken);
        }

        Log.Released(logger, waiting.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Count} actions are parked: {Detail}")]
        public static partial void StillParked(ILogger logger, int count, string detail);

        [LoggerMessage(2, LogLevel.Information, "{Count} parked actions are sent again")]
        public static partial void Released(ILogger logger, int count);
    }
}
