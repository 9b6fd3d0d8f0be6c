using BigPanda.Functions.Alerts;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>Sends the parked actions again, once BigPanda accepts the key.</summary>
public sealed partial class ParkedRelease(ParkedActions parked, BigPandaActions bigPanda, MessageSender sender, ILogger<ParkedRelease> logger)
{
    /// <summary>Those that a good key helps: without an environment an action would be parked again, every minute.</summary>
    internal async Task<IReadOnlyList<ParkedAction>> ListAsync(CancellationToken cancellationToken)
    {
        List<ParkedAction> waiting = [];
        foreach (var waits in await parked.ListAsync(cancellationToken))
        {
            if (await bigPanda.HasEnvironmentAsync(waits.Action, cancellationToken)) waiting.Add(waits);
        }

        return waiting;
    }

    internal async Task SendAsync(IReadOnlyList<ParkedAction> waiting, CancellationToken cancellationToken)
    {
        if (waiting.Count == 0) return;
        foreach (var waits in waiting)
        {
            using var activity = AppActivity.Continue("ReleaseParkedAction", waits.Action.TraceParent);
            // Told before it is sent: what comes of it must not be overtaken by the news that it was released.
            await bigPanda.ReportAsync(waits.Action, ActionResult.Released, 0, "BigPanda accepts the API key: it is sent again", cancellationToken);
            // The time it was parked makes the message's id: released twice, by a crash in between or by two at once, it is sent once.
            await sender.SendAsync(Queues.BigPandaActions, ActionMessages.Of(waits.Action, $"{waits.ParkedAt.UtcTicks}"), cancellationToken);
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
