using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Telemetry;

namespace BigPanda.Functions.Actions;

/// <summary>Reports to the alert what came of an action, as an event.</summary>
public sealed class ActionReports(MessageSender sender, AppMetrics metrics)
{
    /// <summary>
    /// Reports of one attempt are ordered by their times, which are of several instances' clocks: one that follows another, whatever its clock shows, has
    /// that one's time and this.
    /// </summary>
    internal static readonly TimeSpan Next = TimeSpan.FromMilliseconds(1);

    internal static ActionReported Of(ActionDelivery delivery, ActionResult result, string detail, DateTimeOffset at)
    {
        var action = delivery.Action;
        // One attempt may be parked and released several times: the time keeps their message ids apart.
        var when = result is ActionResult.Parked or ActionResult.Released ? $"{at.UtcTicks}" : "";
        var messageId = MessageIdentity.Of("outcome", action.IncidentId, action.ActionId, $"{delivery.Attempt}", $"{result}", when);
        return new ActionReported(action.IncidentId, action.ActionId, action.Destination, action.Kind, result, delivery.Attempt, detail, at, messageId);
    }

    internal async Task SendAsync(ActionReported report, CancellationToken cancellationToken)
    {
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(report), cancellationToken);
        metrics.CountAction(report.Kind, report.Result.ToString().ToLowerInvariant());
    }
}
