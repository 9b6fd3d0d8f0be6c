using System.Globalization;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Actions;

/// <summary>Calls BigPanda's callback service, which holds back an incident's updates until the bridge confirms the alert.</summary>
public sealed class Callbacks(BigPandaClient bigPanda, SourceCatalog sources, TimeProvider time)
{
    internal async Task<ActionAttempt> TryAsync(SendCallbackAction callback, ActionDelivery delivery, CancellationToken cancellationToken)
    {
        if (await FindSourceAsync(callback.SourceId, cancellationToken) is not { AppKey: { } appKey })
            return new ActionAttempt.Moot("no callback is sent: the source was deleted or its app key removed");

        var outcome = await bigPanda.SendCallbackAsync(
            new CallClaim(CallPriority.High, delivery.WaitLimit), callback.IncidentId, appKey, cancellationToken);
        var attempt = ActionDecision.Of(SendCallbackAction.Kind, outcome);
        if (attempt is not ActionAttempt.Done) return attempt;
        var locked = Math.Max(0, (time.GetUtcNow() - callback.LockedSince).TotalSeconds);
        return attempt with { Detail = string.Create(CultureInfo.InvariantCulture, $"{attempt.Detail}; the incident was locked for {locked:0.0} seconds") };
    }

    /// <summary>A source unknown here may just have been created on another instance, and one without an app key may have been given one there.</summary>
    private async Task<AlertSource?> FindSourceAsync(string id, CancellationToken cancellationToken)
    {
        if (sources.SourceOf(id) is { AppKey: not null } known) return known;
        // Our own outage: the message waits without using an attempt, and the callback is not dropped.
        if (!await sources.RefreshAsync(cancellationToken)) throw new IOException("The sources cannot be read.");
        return sources.SourceOf(id);
    }
}
