using BigPanda.Functions.Http;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary><c>/connection</c>: connects a key that BigPanda accepts, shows the connection without the key, deletes it.</summary>
public sealed partial class ConnectionFunction(
    BigPandaClient bigPanda,
    CredentialCache<BigPandaCredential> credentials,
    [FromKeyedServices(BigPandaApi.Key)] ApiCalls calls,
    ConnectionService service, ConnectionStore store, PermissionProbe probe,
    IOptions<BigPandaOptions> options, TimeProvider time, ILogger<ConnectionFunction> logger)
{
    [Function("GetConnection")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "connection")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, () => ShowAsync(cancellationToken), cancellationToken);

    [Function("PutConnection")]
    public Task<IResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "connection")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, () => ConnectAsync(request, cancellationToken), cancellationToken);

    [Function("DeleteConnection")]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "connection")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(
            request,
            async () =>
            {
                await service.DisconnectAsync(cancellationToken);
                return Results.NoContent();
            },
            cancellationToken);

    [Function("ProbeConnection")]
    public Task<IResult> ProbeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "connection/probe")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, () => RunProbeAsync(request.HttpContext.Response, cancellationToken), cancellationToken);

    private async Task<IResult> ConnectAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, ConnectionJson.Default.ConnectionRequest, ConnectionRequest.Shape, cancellationToken);
        if (body is null) return Problems.InvalidBody.With(error);
        var (candidate, field, fieldError) = body.ReadCandidate(options.Value.UsualApiBaseUrl);
        if (candidate is null) return Problems.InvalidConnection.With(fieldError, ("field", field));
        RequestNote.Of(request).By(body.Actor).On(candidate.ApiBaseUrl);
        var (expiresOn, expiryError) = body.ReadExpiry(time.GetUtcNow());
        if (expiryError is not null) return Problems.InvalidConnection.With(expiryError, ("field", "expiresOn"));

        var outcome = await bigPanda.CheckKeyAsync(candidate, cancellationToken);
        var (environments, refusal, why) = KeyVerdict.Of(outcome, candidate);
        if (refusal is { } problem)
        {
            Log.NotConnected(logger, candidate.ApiBaseUrl, outcome.Result == ApiResult.Done ? why : outcome.Detail);
            return problem.Answer(request.HttpContext.Response, why);
        }

        var facts = await service.ConnectAsync(candidate, environments, body.By, expiresOn, cancellationToken);
        await service.FinishAsync(cancellationToken);
        return Json(ConnectionView.Of(candidate, facts, CallHistory.None, time.GetUtcNow()));
    }

    private async Task<IResult> ShowAsync(CancellationToken cancellationToken)
    {
        // Another instance may just have connected another key.
        credentials.Expire();
        if (await credentials.GetAsync(cancellationToken) is not { } credential) return Json(ConnectionView.None);
        var facts = await store.FindAsync(credential.ConnectionId, cancellationToken);
        return Json(ConnectionView.Of(credential, facts, await calls.ReadAsync(credential.ConnectionId, cancellationToken), time.GetUtcNow()));
    }

    private static IResult Json(ConnectionView view) => JsonResponse.Of(view, ConnectionJson.Default.ConnectionView);

    private async Task<IResult> RunProbeAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        if (await credentials.GetAsync(cancellationToken) is not { } credential)
            return Problems.ConnectionNotFound.With("No BigPanda API key is connected. Store one with PUT /connection.");
        var (probed, outcome) = await probe.RunAsync(credential.DefaultEnvironmentId ?? options.Value.DefaultEnvironmentId, cancellationToken);
        if (probed is not null) return JsonResponse.Of(probed, ConnectionJson.Default.ProbeView);
        return outcome.Result == ApiResult.Unavailable
            ? Problems.BigPandaUnavailable.RetryLater(response, $"BigPanda is unavailable, nothing was probed: {outcome.Detail}")
            : Problems.ApiKeyRejected.With($"BigPanda rejected the connected API key ({outcome.Detail}). Store a valid key with PUT /connection.");
    }

    private Task<IResult> TryAsync(HttpRequest request, Func<Task<IResult>> handle, CancellationToken cancellationToken) =>
        StoreOutage.Connections.CatchAsync(request, logger, handle, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The new API key for BigPanda at {ApiBaseUrl} was not connected; the old connection stays: {Detail}")]
        public static partial void NotConnected(ILogger logger, string apiBaseUrl, string detail);
    }
}
