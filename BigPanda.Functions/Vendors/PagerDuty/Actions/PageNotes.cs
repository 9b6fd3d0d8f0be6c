using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Actions;

/// <summary>Adds notes to pages, by PagerDuty's REST API: it has no idempotency key, and a note is added once all the same.</summary>
public sealed class PageNotes(PagerDutyClient rest, PageSight sight, PageStore pages, UniqueCalls unique, IOptions<PagerDutyOptions> options)
{
    /// <summary>An attempt to open a page that is over now may have failed for good. The search lags by seconds; so many attempts take over a minute.</summary>
    private const int SearchesOfAnEnd = 4;

    internal async Task<ActionAttempt> AddAsync(PageTurn turn, CancellationToken cancellationToken)
    {
        if (!await rest.HasNewestKeyAsync(cancellationToken)) return await SayOnceAsync(turn, cancellationToken);
        var stored = await pages.FindAsync(turn.Key, cancellationToken);
        if ((turn.Page?.Incident ?? stored?.Incident)?.Id is { } known) return await AddAsync(turn, known, cancellationToken);
        if (stored is null && turn.Objection is not null) return new ActionAttempt.Moot("the page was never opened");
        var seen = await sight.FindAsync(turn, CallPriority.Normal, cancellationToken);
        if (seen.Incident is { } incident) return await AddAsync(turn, incident.Id, cancellationToken);
        if (seen.Outcome.Result != ApiResult.Done) return PageAttempts.Of(PageAttempts.Note, seen.Outcome);
        return turn.Objection is not null && turn.Delivery.ScheduledAttempt > SearchesOfAnEnd
            ? new ActionAttempt.Done("not sent: the page is over and PagerDuty shows no incident for it")
            : new ActionAttempt.Retry("PagerDuty shows no incident for the page yet");
    }

    private async Task<ActionAttempt> AddAsync(PageTurn turn, string incidentId, CancellationToken cancellationToken)
    {
        var text = turn.Action.Text ?? "";
        // PagerDuty may change white space.
        var words = Wording.Words(text);
        var claim = new CallClaim(CallPriority.Normal, turn.Delivery.WaitLimit);
        var call = new UniqueCall(TimeSpan.FromSeconds(options.Value.TimeoutSeconds), FindAsync, SendAsync);
        return await unique.MakeAsync(call, turn.Delivery, cancellationToken) is { Result: not ApiResult.Done } outcome
            ? PageAttempts.Of(PageAttempts.Note, outcome)
            : new ActionAttempt.Done("the note is in PagerDuty");

        async Task<(ApiOutcome Outcome, bool? IsThere)> FindAsync(CancellationToken cancellation)
        {
            var (search, notes) = await rest.ListNotesAsync(claim, incidentId, cancellation);
            return (search, notes is null ? null : notes.Any(note => Wording.Words(note.Content) == words));
        }

        async Task<ApiOutcome> SendAsync(Func<CancellationToken, Task<string?>> begin, CancellationToken cancellation) =>
            (await rest.AddNoteAsync(claim, incidentId, text, begin, cancellation)).Outcome;
    }

    /// <summary>One entry in the timeline for all the notes of the page.</summary>
    private async Task<ActionAttempt> SayOnceAsync(PageTurn turn, CancellationToken cancellationToken)
    {
        const string Why = "the note is not sent to PagerDuty: notes need a REST key, see PUT /pagerduty";
        var isSaid = false;
        await pages.ChangeAsync(
            turn.Key, turn.First,
            page =>
            {
                isSaid = page.IsWithoutNotes;
                return page with { IsWithoutNotes = true };
            },
            cancellationToken);
        return isSaid ? new ActionAttempt.Moot(Why) : new ActionAttempt.Done(Why);
    }
}
