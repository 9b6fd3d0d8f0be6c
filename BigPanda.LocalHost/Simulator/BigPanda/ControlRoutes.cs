using BigPanda.LocalHost.Simulator.BigPanda.Incidents;
using BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>What tests and people control: lifecycles, webhooks, settings.</summary>
internal sealed class ControlRoutes(
    RequestGate gate, FaultBook faults, SimulatedIncidents incidents, LifecyclePlayer player, WebhookSender sender, WebhookClient client,
    SimulatorSettings settings, BackgroundWork background)
{
    private static readonly SimulatorJson Json = SimulatorJson.Readable;

    public void Map(ControlGroup control)
    {
        control.MapCommon(gate, faults, Json.IReadOnlyListRecordedRequest, Json.IReadOnlyListFault, sender.ReleaseAsync);
        control.Map("POST", "/incidents", PlayAsync);
        control.Map("GET", "/incidents", _ => ControlGroup.Ok(incidents.All, Json.IReadOnlyListSimulatedIncident));
        control.Map("GET", "/incidents/{id}", r => incidents.TryFind(r.Route("id"), out var incident)
            ? ControlGroup.Ok(incident, Json.SimulatedIncident)
            : ControlGroup.Refused(404, $"No incident '{r.Route("id")}' was played or resolved here."));
        control.Map("DELETE", "/incidents/{id}", request =>
        {
            incidents.Delete(request.Route("id"));
            return Results.NoContent();
        });
        control.Map("POST", "/webhooks", PostWebhookAsync);
        control.Map("GET", "/webhooks", _ => ControlGroup.Ok(sender.Deliveries.Items, Json.IReadOnlyListWebhookDelivery));
        control.MapSettings(() => settings.Current, Json.Values, settings.Change, Json.Changes);
    }

    private async Task<IResult> PlayAsync(ApiRequest request)
    {
        if (!ControlGroup.TryRead(request, Json.LifecycleRequest, out var wanted, out var refusal))
            return refusal;
        if (wanted.Plan(out var problem) is not { } plan)
            return ControlGroup.Refused(400, problem ?? "");
        incidents.TryFind(plan.Incident.Id, out var known);
        if (IncidentLifecycle.Problem(known, plan.Steps) is { } impossible)
            return ControlGroup.Refused(400, impossible);
        var play = player.Prepare(plan);
        if (wanted.Wait)
            return ControlGroup.Ok(new(plan.Incident.Id, await play(request.Context.RequestAborted)), Json.PlayedLifecycle);
        background.Start(play);
        return ControlGroup.Ok(new(plan.Incident.Id, null), Json.PlayedLifecycle, 202);
    }

    private async Task<IResult> PostWebhookAsync(ApiRequest request)
    {
        var type = request.Context.Request.ContentType ?? "application/json";
        return ControlGroup.Ok(await client.PostAsync(request.Bytes, type, request.Context.RequestAborted), Json.WebhookResponse);
    }
}
