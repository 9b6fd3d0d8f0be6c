using System.Globalization;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Sources;

namespace BigPanda.Functions.Resolution;

/// <summary>Answers BigPanda's callback service, which holds an incident's updates back until it knows that the alert is there.</summary>
public sealed class Callbacks(BigPandaClient bigPanda, SourceCatalog sources, TimeProvider time)
{
    internal async Task<ActionAttempt> TryAsync(SendCallbackAction callback, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        if (await SourceAsync(callback.SourceId, cancellationToken) is not { AppKey: { } appKey }) return ActionAttempt.NothingToReport("the source has no app key any more");

        var result = ActionDecision.Of(ActionDecision.Callback, await bigPanda.SendCallbackAsync(delivery.Claim, callback.IncidentId, appKey, cancellationToken), delivery.Attempt);
        if (result.Result != ActionResult.Accepted) return result;
        var locked = Math.Max(0, (time.GetUtcNow() - callback.LockedSince).TotalSeconds);
        return result with { Detail = string.Create(CultureInfo.InvariantCulture, $"{result.Detail}; the incident was locked for {locked:0.0} seconds") };
    }

    /// <summary>A source that is not known here may have been made on another instance a moment ago.</summary>
    private async Task<AlertSource?> SourceAsync(string id, CancellationToken cancellationToken)
    {
        if (sources.SourceOf(id) is { } known) return known;
        // An outage of ours, which uses up no attempt; and a callback must not be dropped for it.
        if (!await sources.RefreshAsync(cancellationToken)) throw new IOException("The sources cannot be read at the moment.");
        return sources.SourceOf(id);
    }
}
