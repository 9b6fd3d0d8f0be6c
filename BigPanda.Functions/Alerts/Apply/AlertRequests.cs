using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Messaging;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Apply;

/// <summary>
/// Enqueues what people request on an alert, whoever passes it on: the API, a vendor's webhook, the reconciler. The same text of the same
/// person is one request, so it may safely be sent again. It is a new one in a later episode and after a failed close or comment; a
/// resolve is also a new one once BigPanda has sent something newer, since it covers what its author saw, and a comment on another day.
/// </summary>
public sealed partial class AlertRequests(MessageSender sender, TimeProvider time, ILogger<AlertRequests> logger)
{
    /// <param name="seen">The alert as its resolver saw it: the resolve is placed right behind its newest fact.</param>
    /// <param name="via">How the request came, one of <see cref="Rules.History.ResolvedVia"/>.</param>
    /// <returns>The message id; null when the alert is resolved and the incident closed.</returns>
    internal async Task<string?> ResolveAsync(Alert seen, string via, string actor, string? comment, CancellationToken cancellationToken)
    {
        if (seen is { IsFiring: false, Life.AwaitsClose: false }) return null;
        var messageId = MessageIdentity.Of("resolve", seen.IncidentId, ViewOf(seen), UnsentCloseOf(seen), via, actor, comment ?? "");
        var request = new ResolveRequested(seen.IncidentId, seen.Seen, via, actor, comment, time.GetUtcNow(), messageId)
        {
            SeenBefore = seen.SeenByResolver,
            SeenGravity = Gravity.Of(seen.Content),
        };
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), cancellationToken);
        Log.Enqueued(logger, seen.IncidentId, "resolve", messageId);
        return messageId;
    }

    /// <returns>The message id.</returns>
    internal async Task<string> CommentAsync(Alert seen, string via, string actor, string comment, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // The comment's own id follows from it, and by that a comment is known for weeks: tomorrow the same text is another one.
        var messageId = MessageIdentity.Of(
            "comment", seen.IncidentId, $"{seen.Life.Episode}", $"{seen.FailedComments}", via, actor, comment, $"{now.UtcDateTime:yyyyMMdd}");
        var request = new CommentRequested(seen.IncidentId, via, actor, comment, now, messageId);
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), cancellationToken);
        Log.Enqueued(logger, seen.IncidentId, "comment", messageId);
        return messageId;
    }

    /// <summary>A close that has failed, or that the mode left out, is asked for by the next resolve, which may say the same.</summary>
    private static string UnsentCloseOf(Alert alert) => alert.BigPanda switch
    {
        { State: SyncState.Failed, ActionId: var failed } => failed ?? "",
        { State: SyncState.InSync, LastActionId: var last } when alert.Life.AwaitsClose => $"unsent {last}",
        _ => "",
    };

    /// <summary>What the author of a request has seen of BigPanda.</summary>
    private static string ViewOf(Alert alert) => $"{alert.Life.Episode} {alert.LatestNews:x}";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}: enqueued the {Request} request as {MessageId}")]
        public static partial void Enqueued(ILogger logger, string incidentId, string request, string messageId);
    }
}
