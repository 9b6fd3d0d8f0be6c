using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Vendors.PagerDuty.Preview;

/// <summary><c>POST /pagerduty/preview</c>: what would be sent for a stored alert, or for a body of BigPanda's webhook. Sends and stores nothing.</summary>
public sealed class PreviewPageFunction(
    AlertStore alerts, DeliveryReader deliveries, PagerDutyPlanners planners, AlertPolicy policy, TimeProvider time, IOptions<IntakeOptions> intake,
    ILogger<PreviewPageFunction> logger)
{
    [Function("PreviewPage")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "pagerduty/preview")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var limit = intake.Value.MaxBodyBytes;
        using var body = await BoundedBody.ReadAsync(request, limit, cancellationToken);
        if (body is null) return Problems.PayloadTooLarge.With($"The body must have at most {limit} bytes.", ("limit", limit));
        var (preview, error) = PreviewRequest.Read(body.Memory);
        if (preview is null) return Problems.InvalidBody.With(error);
        return await StoreOutage.Tables.CatchAsync(request, logger, () => ShowAsync(preview, cancellationToken), cancellationToken);
    }

    private async Task<IResult> ShowAsync(PreviewRequest request, CancellationToken cancellationToken)
    {
        Alert alert;
        try
        {
            if (request.IncidentId is not { } incidentId) alert = Decide(request);
            else if (await alerts.LoadAsync(incidentId, cancellationToken) is { } stored) alert = stored.Alert;
            else return Problems.NoAlert;
        }
        catch (MessageUnreadableException e)
        {
            return Problems.InvalidIncident.With(e.Message, ("field", e.Field));
        }

        var connected = await planners.FindAsync(cancellationToken);
        var shown = PagePreview.Of(alert, connected is not null, connected ?? planners.Unconnected, policy.PagerDuty, time.GetUtcNow());
        return JsonResponse.Of(shown, PagePreviewJson.Default.PagePreview);
    }

    /// <summary>As the first delivery of its incident.</summary>
    private Alert Decide(PreviewRequest request)
    {
        var now = time.GetUtcNow();
        return AlertLifecycle.Decide(null, deliveries(request.Payload, request.Source, now, request.Headers), policy, now).Alert;
    }
}
