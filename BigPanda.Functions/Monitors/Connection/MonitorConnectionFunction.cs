using BigPanda.Functions.Http;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Monitors.Connection;

/// <summary>
/// <c>/monitors/{sourceId}/connection</c>: stores the organisation token that BigPanda accepts and the app key of a monitor, shows the connection without them,
/// deletes them.
/// </summary>
public sealed partial class MonitorConnectionFunction(
    SourceStore sources, MonitorConnections connections, IOptions<BigPandaOptions> options, ILogger<MonitorConnectionFunction> logger)
{
    private const string AppKeyNote = "BigPanda accepted the organisation token. It checks the app key only with the first alert.";

    [Function("GetMonitorConnection")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "monitors/{sourceId}/connection")] HttpRequest request,
        string sourceId,
        CancellationToken cancellationToken) =>
        TryAsync(request, sourceId, async () => Json(await connections.ReadAsync(sourceId, cancellationToken)), cancellationToken);

    [Function("PutMonitorConnection")]
    public Task<IResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "monitors/{sourceId}/connection")] HttpRequest request,
        string sourceId,
        CancellationToken cancellationToken) => TryAsync(request, sourceId, () => ConnectAsync(request, sourceId, cancellationToken), cancellationToken);

    [Function("DeleteMonitorConnection")]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "monitors/{sourceId}/connection")] HttpRequest request,
        string sourceId,
        CancellationToken cancellationToken) =>
        TryAsync(
            request,
            sourceId,
            async () =>
            {
                await connections.RemoveAsync(sourceId, cancellationToken);
                return Results.NoContent();
            },
            cancellationToken);

    private async Task<IResult> ConnectAsync(HttpRequest request, string sourceId, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(
            request, MonitorConnectionJson.Default.MonitorConnectionRequest, MonitorConnectionRequest.Shape, cancellationToken);
        if (body is null) return Problems.InvalidBody.With(error);
        var (keys, field, fieldError) = body.Read(options.Value.UsualApiBaseUrl);
        if (keys is null) return Problems.InvalidConnection.With(fieldError, ("field", field));

        var (refusal, why) = TokenVerdict.Of(await connections.CheckAsync(keys, cancellationToken), keys);
        if (refusal is not null)
        {
            Log.NotConnected(logger, sourceId, why);
            return refusal.Answer(request.HttpContext.Response, why);
        }

        if (!await connections.StoreAsync(sourceId, keys, cancellationToken))
            return Problems.TooManyMonitors.With("The secret with the keys of all monitors is full. Delete the connection of a source that is no longer used.");
        await connections.ReleaseAsync(sourceId, cancellationToken);
        return Json(await connections.ReadAsync(sourceId, cancellationToken) with { Note = AppKeyNote });
    }

    private Task<IResult> TryAsync(HttpRequest request, string sourceId, Func<Task<IResult>> handle, CancellationToken cancellationToken) =>
        StoreOutage.Connections.CatchAsync(
            request,
            logger,
            async () => await sources.FindAsync(sourceId, cancellationToken) is { Kind: SourceKind.Monitor }
                ? await handle()
                : Problems.SourceNotFound.With("No source of the kind monitor has this id."),
            cancellationToken);

    private static IResult Json(MonitorConnectionView view) => JsonResponse.Of(view, MonitorConnectionJson.Default.MonitorConnectionView);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Source {SourceId}: the new keys were not stored; the old ones stay: {Detail}")]
        public static partial void NotConnected(ILogger logger, string sourceId, string detail);
    }
}
