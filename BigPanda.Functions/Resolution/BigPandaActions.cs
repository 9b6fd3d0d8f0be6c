using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Resolution;

/// <summary>Carries out actions in BigPanda and reports back to the alert.</summary>
public sealed partial class BigPandaActions(
    AlertStore alerts, BigPandaClient bigPanda, Callbacks callbacks, ApiCredentialCache credentials, ParkedActions parked, MessageSender sender, AppMetrics metrics, TimeProvider time,
    IOptionsMonitor<BigPandaOptions> options, ILogger<BigPandaActions> logger)
{
    private const string NoEnvironment = "the webhook names no environment, the connection has no defaultEnvironmentId, and BigPanda__DefaultEnvironmentId is not set";

    /// <param name="attempt">From 1.</param>
    /// <param name="isVerification">BigPanda has taken the close before: ask whether the incident is closed, and close again if not.</param>
    /// <returns>Null when the action is not wanted any more.</returns>
    internal async Task<ActionAttempt?> TryAsync(AlertAction action, int attempt, bool isVerification, CancellationToken cancellationToken)
    {
        if (action is CloseIncidentAction && !await IsWantedAsync(action, cancellationToken))
        {
            Log.Moot(logger, action.IncidentId, action.ActionId);
            return null;
        }

        var outcome = action is SendCallbackAction callback ? await callbacks.TryAsync(callback, attempt, cancellationToken)
            : await EnvironmentOfAsync(action, cancellationToken) is { Length: > 0 } environment ? await ActAsync(action, environment, attempt, isVerification, cancellationToken)
            : ActionDecision.Of(Name(action), new ApiOutcome(ApiResult.NotAllowed, null, NoEnvironment), attempt);
        if (outcome is null) return null;
        if (outcome.Result == ActionResult.Parked) await parked.AddAsync(action, time.GetUtcNow(), outcome.RetryAfter ?? TimeSpan.Zero, cancellationToken);
        await ReportAsync(action, outcome.Result, attempt, outcome.Detail, cancellationToken);
        return outcome;
    }

    internal async Task<bool> HasEnvironmentAsync(AlertAction action, CancellationToken cancellationToken) =>
        action is SendCallbackAction || !string.IsNullOrEmpty(await EnvironmentOfAsync(action, cancellationToken));

    internal async Task ReportAsync(AlertAction action, ActionResult result, int attempt, string detail, CancellationToken cancellationToken)
    {
        // Parking and releasing may happen many times over with the same attempt number.
        var when = result is ActionResult.Parked or ActionResult.Released ? $"{time.GetUtcNow().UtcTicks}" : "";
        var messageId = MessageIdentity.Of("outcome", action.IncidentId, action.ActionId, $"{attempt}", $"{result}", when);
        var report = new ActionReported(action.IncidentId, action.ActionId, result, attempt, detail, time.GetUtcNow(), messageId);
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(report), cancellationToken);
        metrics.Action(Name(action), result.ToString().ToLowerInvariant());
    }

    private Task<ActionAttempt> ActAsync(AlertAction action, string environment, int attempt, bool isVerification, CancellationToken cancellationToken) => action switch
    {
        CloseIncidentAction close => CloseAsync(close, environment, attempt, isVerification, cancellationToken),
        AddCommentAction comment => CommentAsync(comment, environment, attempt, cancellationToken),
        _ => throw new MessageUnreadableException($"No such action: {action.GetType().Name}."),
    };

    private async Task<ActionAttempt> CloseAsync(CloseIncidentAction close, string environment, int attempt, bool isVerification, CancellationToken cancellationToken)
    {
        if (isVerification)
        {
            var (outcome, isActive) = await bigPanda.IsActiveAsync(environment, close.IncidentId, cancellationToken);
            if (isActive == false) return new ActionAttempt(ActionResult.Closed, "BigPanda, when asked, shows the incident as closed");
            if (isActive is null) return ActionDecision.Of("close", outcome, attempt);
            if (attempt >= RetrySchedule.ActingInBigPanda.Tries) return new ActionAttempt(ActionResult.Failed, $"BigPanda has taken the close {attempt} times and the incident is still open");
        }

        return ActionDecision.Of("close", await bigPanda.ResolveAsync(environment, close.IncidentId, close.Comment, cancellationToken), attempt);
    }

    /// <summary>A comment is not repeated blindly: the answer to an earlier attempt may have been lost, and BigPanda knows no idempotency key.</summary>
    private async Task<ActionAttempt> CommentAsync(AddCommentAction comment, string environment, int attempt, CancellationToken cancellationToken)
    {
        if (attempt > 1 && await bigPanda.HasCommentAsync(comment.IncidentId, comment.Comment, cancellationToken)) return new ActionAttempt(ActionResult.Accepted, "the comment is in BigPanda");
        return ActionDecision.Of("comment", await bigPanda.CommentAsync(environment, comment.IncidentId, comment.Comment, cancellationToken), attempt);
    }

    /// <summary>There is no way to take a resolve back: a close whose incident has closed or reopened in the meantime is dropped.</summary>
    private async Task<bool> IsWantedAsync(AlertAction action, CancellationToken cancellationToken)
    {
        var stored = await alerts.LoadAsync(action.IncidentId, cancellationToken);
        return stored?.Alert.Sync is { State: not SyncState.InSync } sync && sync.CloseId == action.ActionId;
    }

    private async Task<string?> EnvironmentOfAsync(AlertAction action, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(action.EnvironmentId)
            ? (await credentials.GetAsync(cancellationToken))?.DefaultEnvironmentId ?? options.CurrentValue.DefaultEnvironmentId
            : action.EnvironmentId;

    private static string Name(AlertAction action) => action switch
    {
        CloseIncidentAction => "close",
        SendCallbackAction => ActionDecision.Callback,
        _ => "comment",
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}: close {ActionId} is not wanted any more")]
        public static partial void Moot(ILogger logger, string incidentId, string actionId);
    }
}
