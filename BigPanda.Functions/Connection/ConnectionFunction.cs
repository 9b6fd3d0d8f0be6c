using BigPanda.Functions.BigPandaApi;
using BigPanda.Functions.Http;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Connection;

/// <summary><c>/connection</c>: connects BigPanda with a key that BigPanda has been asked about, shows the connection without it, forgets it.</summary>
public sealed partial class ConnectionFunction(
    BigPandaClient bigPanda, ApiCredentialCache credentials, ConnectionService service, ConnectionStore store, ApiCalls calls, PermissionProbe probe, IOptions<BigPandaOptions> options, TimeProvider time,
    ILogger<ConnectionFunction> logger)
{
    [Function("GetConnection")]
    public Task<IResult> GetAsync([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "connection")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, () => FindAsync(cancellationToken), cancellationToken);

    [Function("PutConnection")]
    public Task<IResult> PutAsync([HttpTrigger(AuthorizationLevel.Function, "put", Route = "connection")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, () => ConnectAsync(request, cancellationToken), cancellationToken);

    [Function("DeleteConnection")]
    public Task<IResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Function, "delete", Route = "connection")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(
            request,
            async () =>
            {
                await service.DisconnectAsync(cancellationToken);
                return Results.NoContent();
            },
            cancellationToken);

    [Function("ProbeConnection")]
    public Task<IResult> ProbeAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "connection/probe")] HttpRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, () => RunProbeAsync(request.HttpContext.Response, cancellationToken), cancellationToken);

    private async Task<IResult> ConnectAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, ConnectionJson.Default.ConnectionRequest, ConnectionRequest.Shape, cancellationToken);
        if (body is null) return Problems.BadRequest(error);
        var (candidate, field, wrong) = body.ReadCandidate(options.Value.UsualApiBaseUrl);
        if (candidate is null) return Refused(wrong, field);
        var (expiresOn, expiryError) = body.ReadExpiry(time.GetUtcNow());
        if (expiryError is not null) return Refused(expiryError, "expiresOn");

        var outcome = await bigPanda.CheckKeyAsync(candidate, cancellationToken);
        var (environments, status, why) = KeyVerdict.Of(outcome, candidate);
        if (environments is null)
        {
            Log.NotConnected(logger, candidate.ApiBaseUrl, outcome.Result == ApiResult.Done ? why : outcome.Detail);
            return status == StatusCodes.Status503ServiceUnavailable ? Problems.Unavailable(request.HttpContext.Response, why) : Refused(why, null);
        }

        var facts = await service.ConnectAsync(candidate, environments, body.By, expiresOn, cancellationToken);
        await service.FinishAsync(cancellationToken);
        return Shown(ConnectionView.Of(candidate, facts, CallHistory.None, time.GetUtcNow()));
    }

    private async Task<IResult> FindAsync(CancellationToken cancellationToken)
    {
        // Another instance may have connected another key a moment ago.
        credentials.Expire();
        if (await credentials.GetAsync(cancellationToken) is not { } credential) return Shown(ConnectionView.None);
        var (facts, _) = await store.FindAsync(credential.ConnectionId, cancellationToken);
        return Shown(ConnectionView.Of(credential, facts, await calls.ReadAsync(credential.ConnectionId, cancellationToken), time.GetUtcNow()));
    }

    private static IResult Shown(ConnectionView view) => JsonResponse.Of(view, ConnectionJson.Default.ConnectionView);

    private async Task<IResult> RunProbeAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        if (await credentials.GetAsync(cancellationToken) is not { } credential) return Problems.NotFound("No BigPanda key is connected.");
        var (probed, outcome) = await probe.RunAsync(credential.DefaultEnvironmentId ?? options.Value.DefaultEnvironmentId, cancellationToken);
        if (probed is not null) return JsonResponse.Of(probed, ConnectionJson.Default.ProbeView);
        return outcome.Result == ApiResult.Unavailable ? Problems.Unavailable(response, $"BigPanda could not be asked: {outcome.Detail}") : Refused($"BigPanda rejects the connected key ({outcome.Detail}).", null);
    }

    private async Task<IResult> TryAsync(HttpRequest request, Func<Task<IResult>> answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await answer();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            Log.Unavailable(logger, StorageError.Describe(e));
            return Problems.Unavailable(request.HttpContext.Response, "The connection cannot be read or written at the moment. Send the request again.");
        }
    }

    private static IResult Refused(string why, string? field) => Problems.Of(StatusCodes.Status422UnprocessableEntity, "Not connected", why, ("field", field));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A key for BigPanda at {ApiBaseUrl} is not connected: {Detail}")]
        public static partial void NotConnected(ILogger logger, string apiBaseUrl, string detail);

        [LoggerMessage(2, LogLevel.Error, "A request about the connection is answered 503: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);
    }
}
