using BigPanda.Functions.Messaging;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>
/// Every five minutes: says ok for alerts of kinds that never resolve and have not fired for the source's time. The ok takes its place in the identity's
/// session, and is dropped there if the alert has fired again meanwhile.
/// </summary>
public sealed partial class SendDueOksFunction(
    SourceCatalog catalog, MonitorOkStore oks, MessageSender sender, TimeProvider time, ILogger<SendDueOksFunction> logger)
{
    /// <summary>A run must end well before the function's timeout; the next one takes the rest.</summary>
    private const int MaxAtOnce = 1000;

    [Function("SendDueOks")]
    public async Task RunAsync([TimerTrigger("35 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await catalog.EnsureLoadedAsync(cancellationToken);
        if (!catalog.Entries.Any(entry => entry.Source.Kind == SourceKind.Monitor)) return;
        await StorageError.CatchOutageAsync(() => SendAsync(cancellationToken), reason => Log.NotSent(logger, reason), cancellationToken);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (alert, due) in await oks.ListDueAsync(now, MaxAtOnce, cancellationToken))
        {
            // The row stays until the ok is sent: a crash before that must not lose it.
            if (catalog.SourceOf(alert.SourceId) is null) await oks.RemoveAsync(alert.SourceId, alert.Identity, cancellationToken);
            else await sender.SendAsync(Queues.BigPandaAlerts, RelayMessages.OfDueOk(ToOk(alert, now), due), cancellationToken);
        }
    }

    private static RelayedAlert ToOk(RelayedAlert alert, DateTimeOffset now)
    {
        var why = $"did not fire again within {alert.OkAfter?.TotalHours:0} hours; its monitor does not resolve alerts of this kind";
        return alert with { Json = AlertFacts.ToOk(alert.Json, now, why), ReceivedAt = now };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not send the ok of alerts that are over. Will retry in five minutes: {Reason}")]
        public static partial void NotSent(ILogger logger, string reason);
    }
}
