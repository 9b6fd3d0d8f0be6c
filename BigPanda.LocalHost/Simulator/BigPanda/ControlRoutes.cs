using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using BigPanda.LocalHost.Simulator.BigPanda.Incidents;
using BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>The simulator's control routes for tests and people: no key, no limit, not in the request log.</summary>
internal sealed class ControlRoutes(
    RequestGate gate, FaultBook faults, SimulatedIncidents incidents, LifecyclePlayer player, WebhookSender sender, WebhookClient client,
    SimulatorSettings settings, BackgroundWork background)
{
    private static readonly SimulatorJson Json = SimulatorJson.Readable;

    public void Map(IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/_simulator");
        Map(control, "GET", "/requests", _ => Ok(gate.Log.Items.OrderBy(r => r.At).ToList(), Json.IReadOnlyListRecordedRequest));
        Map(control, "DELETE", "/requests", _ => Cleared(gate.Log.Clear));
        Map(control, "POST", "/incidents", PlayAsync);
        Map(control, "GET", "/incidents", _ => Ok(incidents.All, Json.IReadOnlyListSimulatedIncident));
        Map(control, "GET", "/incidents/{id}", r => incidents.TryFind(r.Route("id"), out var incident)
            ? Ok(incident, Json.SimulatedIncident)
            : Refused(404, $"No incident '{r.Route("id")}' was played or resolved here."));
        Map(control, "POST", "/faults", AddFaults);
        Map(control, "GET", "/faults", _ => Ok(faults.Open, Json.IReadOnlyListFault));
        Map(control, "DELETE", "/faults", ClearFaultsAsync);
        Map(control, "POST", "/webhooks", PostWebhookAsync);
        Map(control, "GET", "/webhooks", _ => Ok(sender.Deliveries.Items, Json.IReadOnlyListWebhookDelivery));
        Map(control, "GET", "/settings", _ => Ok(settings.Current, Json.Values));
        Map(control, "PUT", "/settings", ChangeSettings);
    }

    private async Task<IResult> PlayAsync(ApiRequest request)
    {
        if (!TryRead(request, Json.LifecycleRequest, out var wanted, out var refusal))
            return refusal;
        if (wanted.Plan(out var problem) is not { } plan)
            return Refused(400, problem ?? "");
        incidents.TryFind(plan.Incident.Id, out var known);
        if (IncidentLifecycle.Problem(known, plan.Steps) is { } impossible)
            return Refused(400, impossible);
        var play = player.Prepare(plan);
        if (wanted.Wait)
            return Ok(new(plan.Incident.Id, await play(request.Context.RequestAborted)), Json.PlayedLifecycle);
        background.Start(play);
        return Ok(new(plan.Incident.Id, null), Json.PlayedLifecycle, 202);
    }

    private IResult AddFaults(ApiRequest request)
    {
        if (!TryRead(request, Json.IReadOnlyListFault, out var wanted, out var refusal))
            return refusal;
        foreach (var (index, fault) in wanted.Index())
        {
            if ((fault is null ? "it is null." : fault.Problem()) is { } problem)
                return Refused(400, $"Fault {index + 1}: {problem}");
        }
        faults.Add(wanted);
        return Ok(faults.Open, Json.IReadOnlyListFault);
    }

    private async Task<IResult> ClearFaultsAsync(ApiRequest request)
    {
        faults.Clear();
        await sender.ReleaseAsync(request.Context.RequestAborted);
        return Results.NoContent();
    }

    private async Task<IResult> PostWebhookAsync(ApiRequest request)
    {
        var type = request.Context.Request.ContentType ?? "application/json";
        return Ok(await client.PostAsync(request.Bytes, type, request.Context.RequestAborted), Json.Response);
    }

    private IResult ChangeSettings(ApiRequest request)
    {
        if (!TryRead(request, Json.Changes, out var changes, out var refusal))
            return refusal;
        return settings.Change(changes) is { } problem ? Refused(400, problem) : Ok(settings.Current, Json.Values);
    }

    private static void Map(IEndpointRouteBuilder app, string method, string pattern, Func<ApiRequest, IResult> answer) =>
        Map(app, method, pattern, request => Task.FromResult(answer(request)));

    private static void Map(IEndpointRouteBuilder app, string method, string pattern, Func<ApiRequest, Task<IResult>> answer) =>
        app.MapMethods(pattern, [method], async context =>
        {
            var result = await answer(await ApiRequest.ReadAsync(context));
            await result.ExecuteAsync(context);
        });

    private static bool TryRead<T>(
        ApiRequest request, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out IResult? refusal)
    {
        string problem;
        try
        {
            value = JsonSerializer.Deserialize(request.Body, type);
            refusal = null;
            if (value is not null)
                return true;
            problem = "The body is null.";
        }
        catch (JsonException e)
        {
            problem = $"The body is invalid: {e.Message}";
        }
        value = default;
        refusal = Refused(400, problem);
        return false;
    }

    private static IResult Ok<T>(T value, JsonTypeInfo<T> type, int status = 200) => Results.Json(value, type, statusCode: status);

    private static IResult Cleared(Action clear)
    {
        clear();
        return Results.NoContent();
    }

    private static IResult Refused(int status, string why) => BigPandaResponses.Json(new JsonObject { ["error"] = why }, status);
}
