using BigPanda.Functions.Alerts;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>Sends the parked actions again, once BigPanda accepts the key.</summary>
public sealed partial class ParkedRelease(ParkedActions parked, BigPandaActions bigPanda, MessageSender sender, ILogger<ParkedRelease> logger)
{
    /// <summary>What one run sends; a person waits for the answer when a key is connected. The next run comes within a minute.</summary>
    private const int MostAtOnce = 200;

    /// <summary>Those that a good key helps: without an environment an action would be parked again, every minute.</summary>
    /// <param name="rested">Leaves out those that have not rested until then.</param>
    internal async Task<IReadOnlyList<ParkedAction>> ListAsync(DateTimeOffset rested, CancellationToken cancellationToken)
    {
        List<ParkedAction> waiting = [];
        await foreach (var waits in parked.ListAsync(cancellationToken))
        {
            if (waits.RestsUntil > rested || !await bigPanda.HasEnvironmentAsync(waits.Action, cancellationToken)) continue;
            waiting.Add(waits);
            if (waiting.Count == MostAtOnce) break;
        }

        return waiting;
    }

    internal async Task SendAsync(IReadOnlyList<ParkedAction> waiting, CancellationToken cancellationToken)
    {
        if (waiting.Count == 0) return;
        foreach (var waits in waiting)
        {
            using var activity = AppActivity.Continue("ReleaseParkedAction", waits.Action.TraceParent);
            // Reported before it is sent: what comes of it must not be overtaken by the news that it was released.
            await bigPanda.ReportAsync(waits.Delivery, ActionResult.Released, "BigPanda accepts the API key: it is sent again", null, cancellationToken);
            // The time it was parked makes the message's id: released twice, by a crash in between or by two at once, it is sent once.
            var message = ActionMessages.Of(waits.Action, $"{waits.ParkedAt.UtcTicks}");
            message.ApplicationProperties[MessageProperties.Attempts] = waits.Delivery.Attempts;
            if (waits.Delivery.IsVerification) message.ApplicationProperties[MessageProperties.Stage] = MessageProperties.Verify;
            await sender.SendAsync(Queues.BigPandaActions, message, cancellationToken);
            await parked.RemoveAsync(waits, cancellationToken);
        }

        Log.Released(logger, waiting.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} parked actions are sent again")]
        public static partial void Released(ILogger logger, int count);
    }
}
