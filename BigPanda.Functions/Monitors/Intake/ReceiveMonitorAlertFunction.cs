using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Monitors.Messages;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Monitors.Intake;

/// <summary>
/// <c>POST /monitors/{sourceId}/alerts</c>: a monitoring system's alerts on their way to BigPanda. Its answers are those that senders retry by: action groups
/// retry 408, 429, 503 and 504, then call nothing for 15 minutes and lose the alert at once on 500; Alertmanager retries 5xx and never 429. So whatever
/// passes is 503, and what will never be accepted is a 4xx other than these.
/// </summary>
public sealed partial class ReceiveMonitorAlertFunction(
    SourceGate gate, MessageSender sender, AppMetrics metrics, TimeProvider time, ILogger<ReceiveMonitorAlertFunction> logger)
{
    private const string TryAgain = "Send the alerts again after the Retry-After delay.";

    [Function("ReceiveMonitorAlert")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "monitors/{sourceId}/alerts")] HttpRequest request,
        string sourceId,
        CancellationToken cancellationToken) => ReceiveAsync(request, sourceId, cancellationToken);

    /// <summary>For BigPanda's own wrappers and the tools with a BigPanda output: they append BigPanda's path to their base address.</summary>
    [Function("ReceiveWrapperAlert")]
    public Task<IResult> RunForWrapperAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "monitors/{sourceId}/data/v2/alerts")] HttpRequest request,
        string sourceId,
        CancellationToken cancellationToken) => ReceiveAsync(request, sourceId, cancellationToken);

    private async Task<IResult> ReceiveAsync(HttpRequest request, string sourceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var (admitted, refusal) = await gate.AdmitAsync(request, sourceId, SourceKind.Monitor, cancellationToken);
            if (admitted is null) return refusal ?? throw new InvalidOperationException("The gate neither admitted nor refused the alerts.");
            using var webhook = admitted;
            return await TakeAsync(webhook, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The host would answer 500, after which an action group does not send the alert again.
            Log.Failed(logger, e);
            return Problems.IntakeFailed.RetryLater(request.HttpContext.Response, $"The alerts could not be read or stored; the log says why. {TryAgain}");
        }
    }

    private async Task<IResult> TakeAsync(AdmittedWebhook webhook, CancellationToken cancellationToken)
    {
        var (source, now) = (webhook.Source, time.GetUtcNow());
        // A newer version may know the format.
        if (source.FindFormat() is not { } format)
            return webhook.RetryLater(Problems.IntakeFailed, $"This version does not know the source's format {source.Format}. {TryAgain}");
        var body = format.Read(webhook.Body.Span, source.Flatten, now);
        if (body.Error is { } error) return webhook.Refuse(error.IsJson ? "other_format" : "not_json", error.ToProblem(Problems.InvalidAlerts));

        var batch = AlertBatch.Of(body, source);
        return batch.Accepted.Count > 0 ? await EnqueueAsync(webhook, batch, now, cancellationToken) : RefuseAll(webhook, batch);
    }

    private IResult RefuseAll(AdmittedWebhook webhook, AlertBatch batch)
    {
        metrics.CountMonitorAlert(webhook.Source.Id, "invalid", batch.Refused.Count);
        return webhook.Refuse("no_alert", batch.ToProblem());
    }

    private Task<IResult> EnqueueAsync(AdmittedWebhook webhook, AlertBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var source = webhook.Source;
        return StorageError.CatchOutageAsync<IResult>(
            async () =>
            {
                await sender.SendAsync(Queues.BigPandaAlerts, RelayMessages.Of(source.Id, batch.Accepted, now), cancellationToken);
                webhook.CountAccepted(now);
                Count(source, batch);
                return new BatchAccepted(batch);
            },
            reason =>
            {
                Log.NotEnqueued(logger, source.Id, batch.Accepted.Count, reason);
                return webhook.RetryLater(Problems.EnqueueFailed, $"Could not enqueue all alerts. {TryAgain}");
            },
            cancellationToken);
    }

    private void Count(AlertSource source, AlertBatch batch)
    {
        metrics.CountMonitorAlert(source.Id, "accepted", batch.Accepted.Count);
        Log.Accepted(logger, source.Id, batch.Accepted.Count);
        if (batch.Refused.Count == 0) return;
        metrics.CountMonitorAlert(source.Id, "invalid", batch.Refused.Count);
        Log.SomeRefused(logger, source.Id, batch.Refused.Count, batch.Refused.Count + batch.Accepted.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Source {SourceId}: accepted {Alerts} alerts")]
        public static partial void Accepted(ILogger logger, string sourceId, int alerts);

        [LoggerMessage(
            2, LogLevel.Warning,
            "Source {SourceId}: refused {Refused} of {Alerts} alerts of a body; the response said which and why, as POST /monitors/{SourceId}/preview does")]
        public static partial void SomeRefused(ILogger logger, string sourceId, int refused, int alerts);

        [LoggerMessage(3, LogLevel.Error, "Source {SourceId}: could not enqueue {Alerts} alerts; returned 503: {Reason}")]
        public static partial void NotEnqueued(ILogger logger, string sourceId, int alerts, string reason);

        [LoggerMessage(4, LogLevel.Error, "Receiving a monitor's alerts failed; returned 503")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
