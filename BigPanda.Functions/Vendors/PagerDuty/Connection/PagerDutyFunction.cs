using BigPanda.Functions.Http;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary><c>/pagerduty</c>: connects keys and sets the policy, shows the connection without its secrets, deletes it.</summary>
public sealed partial class PagerDutyFunction(
    PagerDutyClient pagerDuty, CredentialCache<PagerDutyCredential> credentials, PagerDutyConnectionStore store, PagerDutyConnection connection,
    CredentialTurnStore<PagerDutyCredential> turns, PagerDutyReader reader, PageEnding ending, IOptions<PagerDutyOptions> options,
    TimeProvider time, ILogger<PagerDutyFunction> logger)
{
    [Function("GetPagerDuty")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "pagerduty")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(
            request, async () => JsonResponse.Of(await reader.ReadAsync(cancellationToken), PagerDutyConnectionJson.Default.PagerDutyView), cancellationToken);

    [Function("PutPagerDuty")]
    public Task<IResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "pagerduty")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, () => ConnectAsync(request, cancellationToken), cancellationToken);

    [Function("DeletePagerDuty")]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "pagerduty")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, () => DisconnectAsync(request, cancellationToken), cancellationToken);

    private async Task<IResult> ConnectAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, bodyError) = await JsonBody.ReadAsync(
            request, PagerDutyConnectionJson.Default.PagerDutyRequest, PagerDutyRequest.Shape, cancellationToken);
        if (body is null) return Problems.InvalidBody.With(bodyError);
        RequestNote.Of(request).By(body.Actor).With(body.Changed);
        var (connectionId, refusal) = await turns.RunAsync(cancellation => StoreAsync(request, body, cancellation), cancellationToken);
        if (connectionId is null) return refusal ?? throw new InvalidOperationException("The keys were neither stored nor refused.");
        await connection.FinishAsync(connectionId, cancellationToken);
        return JsonResponse.Of(await reader.ReadAsync(cancellationToken), PagerDutyConnectionJson.Default.PagerDutyView);
    }

    /// <summary>What the request leaves out keeps what is stored: in a turn, for another request may change that.</summary>
    private async Task<(string? ConnectionId, IResult? Refusal)> StoreAsync(
        HttpRequest request, PagerDutyRequest body, CancellationToken cancellationToken)
    {
        // Another instance may just have changed what is kept.
        credentials.Expire();
        var stored = await credentials.GetAsync(cancellationToken);
        var facts = stored is null ? null : await store.FindAsync(stored.ConnectionId, cancellationToken);
        var now = time.GetUtcNow();
        var (credential, policy, error) = body.Apply(stored, facts?.Policy, options.Value, now);
        if (credential is null || policy is null) return (null, Problems.InvalidConnection.With(error?.Detail ?? "", ("field", error?.Field)));

        var checkedAt = facts?.CheckedAt;
        if (NeedsCheck(credential, stored))
        {
            if (await CheckAsync(request, credential, cancellationToken) is { } refusal) return (null, refusal);
            checkedAt = now;
        }

        var next = new PagerDutyFacts
        {
            ConnectedBy = body.By,
            ConnectedAt = now,
            CheckedAt = credential.RestKey is null ? null : checkedAt,
            Policy = policy,
        };
        await connection.ConnectAsync(credential, next, isChanged: !ReferenceEquals(credential, stored), cancellationToken);
        return (credential.ConnectionId, null);
    }

    /// <summary>The key was accepted before: while PagerDuty is down, a policy can be changed.</summary>
    private static bool NeedsCheck(PagerDutyCredential credential, PagerDutyCredential? stored) =>
        credential.Rest is { } rest && (stored?.Rest is not { } before || rest with { ConnectionId = before.ConnectionId } != before);

    private async Task<IResult?> CheckAsync(HttpRequest request, PagerDutyCredential credential, CancellationToken cancellationToken)
    {
        if (credential.Rest is not { } rest) return null;
        var (outcome, knowsUser) = await pagerDuty.CheckKeyAsync(rest, cancellationToken);
        var (problem, why) = KeyCheck.Of(outcome, knowsUser, rest.ApiBaseUrl);
        if (problem is null) return null;
        Log.NotConnected(logger, rest.ApiBaseUrl, outcome.Result == ApiResult.Done ? why : outcome.Detail);
        return problem.Answer(request.HttpContext.Response, why);
    }

    private async Task<IResult> DisconnectAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!TryReadResolveOpen(request, out var resolvesOpen)) return Problems.InvalidParameter.With("resolveOpen must be true or false.");
        credentials.Expire();
        if (await credentials.GetAsync(cancellationToken) is not null)
        {
            var open = await ending.ListAsync(cancellationToken);
            if (open.Count > 0 && resolvesOpen)
            {
                await ending.ResolveAsync(open, cancellationToken);
                open = await ending.ListAsync(cancellationToken);
            }

            if (open.Count > 0) return StillOpen(open, resolvesOpen);
        }

        return await turns.RunAsync(
            async cancellation =>
            {
                await connection.DisconnectAsync(cancellation);
                return Results.NoContent();
            },
            cancellationToken);
    }

    private static IResult StillOpen(List<OpenPage> open, bool wasTried)
    {
        var advice = wasTried
            ? "Send the request again to go on; set PagerDuty__Mode to off before, so that no new page is opened."
            : "Resolve them, or send resolveOpen=true to resolve them in PagerDuty.";
        return Problems.PagesOpen.With(
            $"Open pages in PagerDuty: {open.Count}. Only this connection's keys can resolve them. {advice} Nothing was disconnected.",
            ("count", open.Count),
            ("pages", open.Take(PageEnding.Named).Select(page => $"{page.IncidentId}: {page.Page.Id}").ToArray()));
    }

    private static bool TryReadResolveOpen(HttpRequest request, out bool resolvesOpen)
    {
        resolvesOpen = false;
        return request.Query["resolveOpen"] is not [{ Length: > 0 } text] ? request.Query["resolveOpen"].Count == 0 : bool.TryParse(text, out resolvesOpen);
    }

    private Task<IResult> TryAsync(HttpRequest request, Func<Task<IResult>> handle, CancellationToken cancellationToken) =>
        StoreOutage.Connections.CatchAsync(request, logger, handle, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The new REST key for PagerDuty at {RestBaseUrl} was not connected; nothing was changed: {Detail}")]
        public static partial void NotConnected(ILogger logger, string restBaseUrl, string detail);
    }
}
