using BigPanda.LocalHost.Simulator.BigPanda.Incidents;

namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>The Alerts API, and the callback of a webhook's receiver.</summary>
internal sealed class IntakeRoutes(AlertIntake alerts, AlertCorrelation correlation, RateWindow rate)
{
    private static readonly string[] CallbackFields = ["app_key", "event_type", "incident_id"];

    public void Map(IEndpointRouteBuilder app, BigPandaGate gate)
    {
        app.MapPost("/data/v2/alerts", gate.Route(FaultMatch.Alerts, limited: false, TakeAlerts));
        app.MapPost("/resources/v2.1/outbound/callback", gate.Route(FaultMatch.Callback, limited: false, TakeCallback));
    }

    private IResult TakeAlerts(ApiRequest request)
    {
        if (request.Json is not { } body)
            return BigPandaResponses.Malformed("The body is not a JSON object.");
        if (AlertIntake.Problem(body) is { } problem)
            return BigPandaResponses.Malformed(problem);
        if (!rate.Admit())
            return BigPandaResponses.Failure(429);
        if (!alerts.TryTake(body))
            return Results.NoContent();
        correlation.Take(body);
        return BigPandaResponses.Done(201);
    }

    private static IResult TakeCallback(ApiRequest request)
    {
        var exact = request.Json is { } json
            && json.Select(p => p.Key).Order(StringComparer.Ordinal).SequenceEqual(CallbackFields)
            && CallbackFields.All(field => ApiRequest.Text(json, field) is { Length: > 0 });
        return exact
            ? BigPandaResponses.Done(200)
            : BigPandaResponses.Malformed("The body must have exactly the members event_type, incident_id and app_key.");
    }
}
