using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Resolution;

/// <summary>
/// <c>POST /alerts/{incidentId}/resolve</c>: resolves the alert here and closes the incident in BigPanda. 202 once the request is
/// stored; asking twice does it once.
/// </summary>
public sealed partial class ResolveAlertFunction(AlertStore store, MessageSender sender, TimeProvider time, ILogger<ResolveAlertFunction> logger)
{
    private const int MaxBodyBytes = 16 * 1024;

    [Function("ResolveAlert")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "alerts/{incidentId}/resolve")] HttpRequest request, string incidentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = RouteText.Decode(incidentId);
        try
        {
            var (order, fault) = await ReadAsync(request, cancellationToken);
            if (order is null) return Problems.BadRequest(fault);
            if (await store.LoadAsync(id, cancellationToken) is not { } stored) return Problems.NotFound("No alert has this incident id.");
            if (stored.Alert is { IsFiring: false, Sync.State: SyncState.InSync }) return AlreadyResolved(stored.Alert);
            return await SendAsync(stored.Alert, order, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (MessageSender.IsOutage(e) || StorageFault.IsOutage(e)))
        {
            Log.NotStored(logger, id, e.Message);
            return Problems.Unavailable(request.HttpContext.Response, "The request could not be stored. Send it again.");
        }
    }

    private async Task<IResult> SendAsync(Alert alert, ResolveBody order, CancellationToken cancellationToken)
    {
        var messageId = MessageIdentity.Of("resolve", alert.IncidentId, $"{alert.Life.Episode}", alert.Sync.State == SyncState.Failed ? alert.Sync.CloseId ?? "" : "");
        var seen = alert.History.Marks is [.., var newest] ? newest.Stamp : alert.ContentStamp;
        var request = new ResolveRequested(alert.IncidentId, seen, ResolvedVia.Api, order.Actor ?? "an API caller", order.Comment, time.GetUtcNow(), messageId);
        await sender.SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), cancellationToken);
        Log.Accepted(logger, alert.IncidentId, messageId);
        return Results.Json(new ResolveAccepted(messageId, alert.IncidentId), ResolveJson.Default.ResolveAccepted, statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult AlreadyResolved(Alert alert) => Problems.Of(
        StatusCodes.Status409Conflict,
        "Already resolved",
        "The alert is resolved and BigPanda has closed the incident.",
        ("status", "resolved"),
        ("episode", alert.Life.Episode),
        ("resolvedBy", alert.Life.ResolvedBy ?? alert.Life.ResolvedVia));

    private static async Task<(ResolveBody? Order, string Fault)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = await BoundedBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body is null) return (null, $"The body may have {MaxBodyBytes} bytes at most.");
        if (body.Memory.IsEmpty) return (new ResolveBody(null, null), "");
        try
        {
            var order = JsonSerializer.Deserialize(body.Memory.Span, ResolveJson.Default.ResolveBody);
            if (order is null) return (null, "The body must be an object with comment and actor.");
            return order.Actor is { Length: > 200 } || order.Comment is { Length: > 4000 }
                ? (null, "actor may have 200 characters and comment 4,000 at most.")
                : (order with { Actor = string.IsNullOrWhiteSpace(order.Actor) ? null : order.Actor.Trim() }, "");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, "The body must be JSON: {\"comment\": \"…\", \"actor\": \"…\"}, both optional.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Incident {IncidentId}: asked to resolve the alert, {MessageId}")]
        public static partial void Accepted(ILogger logger, string incidentId, string messageId);

        [LoggerMessage(2, LogLevel.Error, "Incident {IncidentId}: the request to resolve could not be stored and is answered 503: {Reason}")]
        public static partial void NotStored(ILogger logger, string incidentId, string reason);
    }
}

internal sealed record ResolveBody(string? Comment, string? Actor);

internal sealed record ResolveAccepted(string MessageId, string IncidentId);

[JsonSerializable(typeof(ResolveBody))]
[JsonSerializable(typeof(ResolveAccepted))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ResolveJson : JsonSerializerContext;
