using BigPanda.Functions.Messaging;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Monitors.Parking;
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
    SourceCatalog catalog, MonitorOkStore oks, ParkedAlertStore parked, MessageSender sender, TimeProvider time, ILogger<SendDueOksFunction> logger)
{
    /// <summary>Of all sources. A run must end well before the function's timeout; the next one takes the rest.</summary>
    private const int MaxAtOnce = 1000;

    [Function("SendDueOks")]
    public async Task RunAsync([TimerTrigger("35 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await catalog.EnsureLoadedAsync(cancellationToken);
        var monitors = catalog.IdsOf(SourceKind.Monitor);
        foreach (var monitor in monitors)
        {
            await StorageError.CatchOutageAsync(
                () => SendAsync(monitor, Math.Max(1, MaxAtOnce / monitors.Count), cancellationToken), reason => Log.NotSent(logger, monitor, reason),
                cancellationToken);
        }
    }

    private async Task SendAsync(string sourceId, int most, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await oks.ListDueAsync(sourceId, now, most, cancellationToken);
        // While the source's keys are refused none would be sent.
        if (due.Count == 0 || await parked.FindHoldAsync(sourceId, cancellationToken) is { Refused: not null }) return;
        // The row stays until the ok is sent: a crash before that must not lose it.
        foreach (var (alert, at) in due)
            await sender.SendAsync(Queues.BigPandaAlerts, RelayMessages.OfDueOk(ToOk(alert, now), at), cancellationToken);
    }

    private static RelayedAlert ToOk(RelayedAlert alert, DateTimeOffset now)
    {
        var why = $"did not fire again within {alert.OkAfter?.TotalHours:0} hours; its monitor does not resolve alerts of this kind";
        return alert with { Json = AlertFacts.ToOk(alert.Json, now, why), ReceivedAt = now };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Source {SourceId}: could not send the ok of alerts that are over. Will retry in five minutes: {Reason}")]
        public static partial void NotSent(ILogger logger, string sourceId, string reason);
    }
}
