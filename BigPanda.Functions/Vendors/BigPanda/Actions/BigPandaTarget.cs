using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>Carries out actions in BigPanda.</summary>
public sealed class BigPandaTarget(
    AlertStore alerts, BigPandaClient bigPanda, Callbacks callbacks, CloseVerification verification, ActionEnvironments environments,
    UniqueCalls unique, ActionBrake brake, TimeProvider time, IOptions<ResolutionOptions> options, IOptions<BigPandaOptions> api) : IActionTarget
{
    /// <summary>How old the answer that there was no reopen may be directly before the close. Within that time a reopen can be missed.</summary>
    internal static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(10);

    /// <summary>With one that is too old after so many questions the close comes again later: others keep the calls busy.</summary>
    private const int MaxQuestions = 3;

    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(30);

    private const string Outdated = "the incident may have reopened while the close waited for the rate limit";

    /// <summary>Fast at first, because a person is waiting, then over some 16 hours.</summary>
    internal static RetrySchedule Retries { get; } = new(seconds: [2, 5, 15, 30], minutes: [1, 2, 5, 15, 30, 60, 120, 240, 480]);

    public Destination Destination => Destination.BigPanda;

    public string Name => BigPandaApi.Called.Name;

    public RetrySchedule Schedule => Retries;

    public async Task<ActionAttempt> TryAsync(ActionDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var action = BigPandaAction.Read(delivery.Action);
        if (action is CloseIncidentAction close && await FindObjectionAsync(close, cancellationToken) is { } objection)
            return new ActionAttempt.Moot(objection);
        if (!PathSegment.IsPossible(action.IncidentId)) return Impossible(action);

        return action switch
        {
            CloseIncidentAction closing when delivery.IsVerification => await verification.TryAsync(closing, delivery, cancellationToken),
            CloseIncidentAction closing => await CloseAsync(closing, delivery, cancellationToken),
            AddCommentAction comment => await CommentAsync(comment, delivery, cancellationToken),
            SendCallbackAction callback => await callbacks.TryAsync(callback, delivery, cancellationToken),
            _ => throw new MessageUnreadableException($"Unknown action type: {action.GetType().Name}."),
        };
    }

    public async Task<string?> FindObjectionAsync(ActionDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return BigPandaAction.Read(delivery.Action) is CloseIncidentAction close ? await FindObjectionAsync(close, cancellationToken) : null;
    }

    /// <summary>Without an environment only a callback can be sent.</summary>
    public async Task<bool> CanRunAsync(ActionDelivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var known = BigPandaAction.Read(delivery.Action);
        return known is SendCallbackAction || (await environments.ListAsync(known.Environments, cancellationToken)).Count > 0;
    }

    public async Task<string?> FindObstacleAsync(CancellationToken cancellationToken)
    {
        var check = await bigPanda.CheckKeyAsync(cancellationToken);
        return check.Result == ApiResult.Done
            ? null
            : $"the check of the API key returned {check.Detail}. If it is 401 or 403, store a valid key with PUT /connection";
    }

    private async Task<ActionAttempt> CloseAsync(CloseIncidentAction close, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        if (!delivery.MayBeDone) return await ResolveAsync(close, delivery, null, cancellationToken);
        for (var questions = 0; questions < MaxQuestions; questions++)
        {
            var askedAt = time.GetTimestamp();
            var seen = (await alerts.LoadAsync(close.IncidentId, cancellationToken))?.Alert.SeenByResolverAt;
            if (await verification.FindReopenAsync(close, delivery, seen, cancellationToken) is { } decided) return decided;
            var attempt = await ResolveAsync(close, delivery, askedAt, cancellationToken);
            if (attempt is not ActionAttempt.Moot { Detail: Outdated }) return attempt;
        }

        return new ActionAttempt.GivenBack(Outdated, AskedAgainAfter);
    }

    /// <param name="askedAt">When it was asked whether the incident has reopened; null when that need not be known.</param>
    private async Task<ActionAttempt> ResolveAsync(
        CloseIncidentAction close, ActionDelivery delivery, long? askedAt, CancellationToken cancellationToken)
    {
        var outcome = await environments.TryEachAsync(close.Environments, ResolveInAsync, cancellationToken);
        // BigPanda's 202 is an acceptance only.
        var attempt = ActionDecision.Of(ActionKinds.Close, outcome);
        return attempt is ActionAttempt.Done ? new ActionAttempt.DoneAndVerifyAfter(attempt.Detail, options.Value.VerifyAfter) : attempt;

        Task<ApiOutcome> ResolveInAsync(string environment) => bigPanda.ResolveAsync(
            new CallClaim(CallPriority.Urgent, delivery.WaitLimit), environment, close.IncidentId, close.Comment,
            AskAsync, cancellationToken);

        // The brake first: between the last check that the close is wanted and its call there must be nothing else.
        async Task<string?> AskAsync(CancellationToken cancellation)
        {
            await brake.CheckAsync(BrakeKind.Closes, cancellation);
            if (await FindObjectionAsync(close, cancellation) is { } objection) return objection;
            if (askedAt is { } at && time.GetElapsedTime(at) > SeenWithin) return Outdated;
            delivery.NoteCall();
            return null;
        }
    }

    /// <summary>
    /// BigPanda has no idempotency key: when an earlier response may have been lost, the incident's activities are searched for the comment before
    /// it is sent again. It is retried later while they cannot be read.
    /// </summary>
    private async Task<ActionAttempt> CommentAsync(AddCommentAction comment, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        var claim = new CallClaim(CallPriority.Normal, delivery.WaitLimit);
        var call = new UniqueCall(TimeSpan.FromSeconds(api.Value.TimeoutSeconds), FindAsync, SendAsync);
        return await unique.MakeAsync(call, delivery, cancellationToken) is { } outcome
            ? ActionDecision.Of(ActionKinds.Comment, outcome)
            : new ActionAttempt.Done("the comment is in BigPanda");

        async Task<(ApiOutcome Outcome, bool? IsThere)> FindAsync(CancellationToken cancellation)
        {
            var (search, activities) = await bigPanda.GetActivitiesAsync(claim, comment.IncidentId, HasComment, cancellation);
            return (search, activities is null ? null : HasComment(activities));
        }

        Task<ApiOutcome> SendAsync(Func<CancellationToken, Task<string?>> begin, CancellationToken cancellation) => environments.TryEachAsync(
            comment.Environments,
            environment => bigPanda.CommentAsync(claim, environment, comment.IncidentId, comment.Comment, begin, cancellation),
            cancellation);

        bool HasComment(IReadOnlyList<IncidentActivity> activities) => activities.Any(activity => activity.Says(comment.Comment));
    }

    /// <summary>A resolve cannot be undone: a close whose incident has been closed or reopened meanwhile is dropped.</summary>
    /// <returns>Why the close is no longer wanted; null when it still is.</returns>
    private async Task<string?> FindObjectionAsync(CloseIncidentAction close, CancellationToken cancellationToken)
    {
        var stored = await alerts.LoadAsync(close.IncidentId, cancellationToken);
        return stored is null ? "the alert has been removed" : stored.Alert.FindCloseObjection(close.ActionId);
    }

    private static ActionAttempt.Fail Impossible(BigPandaAction action) =>
        new($"the incident id '{action.IncidentId}' cannot be used in a URL of BigPanda's API: act on the incident in BigPanda");
}
