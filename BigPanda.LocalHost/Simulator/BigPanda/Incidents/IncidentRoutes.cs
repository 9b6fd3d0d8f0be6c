using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator.BigPanda.Incidents;

/// <summary>The environment and incident operations of BigPanda's public API.</summary>
internal sealed class IncidentRoutes(SimulatedIncidents incidents, IncidentActions actions)
{
    private const string Incidents = "/resources/v2.0/environments/{environment}/incidents";

    public void Map(IEndpointRouteBuilder app, BigPandaGate gate)
    {
        app.MapGet("/resources/v2.0/environments", gate.Route(FaultMatch.Environments, limited: true, _ => Environments()));
        app.MapPost(Incidents + "/{id}/resolve", gate.Route(FaultMatch.Resolve, limited: true, Known(Resolve)));
        app.MapPost(Incidents + "/{id}/comments", gate.Route(FaultMatch.Comments, limited: true, Known(Comment)));
        app.MapGet(Incidents + "/{id}", gate.Route(FaultMatch.Incidents, limited: true, Known(One)));
        app.MapGet(Incidents, gate.Route(FaultMatch.Incidents, limited: true, Search));
        app.MapGet("/resources/v2.0/incidents/{id}/activities", gate.Route([FaultMatch.Activities, FaultMatch.Incidents], limited: true, Known(Activities)));
    }

    private Func<ApiRequest, IResult> Known(Func<ApiRequest, IResult> handle) => request => incidents.IsDeleted(request.Route("id"))
        ? BigPandaResponses.Error(404, "Requested endpoint or resource is not found.")
        : handle(request);

    private static IResult Environments() => BigPandaResponses.Json(new JsonArray(new JsonObject
    {
        ["id"] = SimulatedEnvironment.DefaultId,
        ["name"] = SimulatedEnvironment.NameOf(SimulatedEnvironment.DefaultId),
        ["description"] = "Every incident",
        ["roles"] = new JsonArray(),
        ["read_only_roles"] = new JsonArray(),
        ["filter"] = new JsonObject(),
        ["created_at"] = 1640995200,
        ["created_by"] = "simulator",
        ["updated_at"] = 1640995200,
        ["updated_by"] = "simulator",
    }));

    private IResult Resolve(ApiRequest request)
    {
        if (request.Json is not { } json || ApiRequest.Text(json, "comments") is not { } comments)
            return BigPandaResponses.Malformed("The body needs the text 'comments'.");
        return actions.TryResolve(request.Route("id"), request.Route("environment"), comments)
            ? BigPandaResponses.Done(202)
            : BigPandaResponses.Error(409, "The incident is already resolved.");
    }

    private IResult Comment(ApiRequest request)
    {
        if (request.Json is not { } json || ApiRequest.Text(json, "comment") is not { Length: > 0 } comment)
            return BigPandaResponses.Malformed("The body needs the text 'comment'.");
        actions.Comment(request.Route("id"), request.Route("environment"), comment);
        return Results.NoContent();
    }

    private IResult One(ApiRequest request) =>
        BigPandaResponses.Json(ApiIncident.From(actions.Find(request.Route("id"), request.Route("environment")), ExpandsAlerts(request)));

    // BigPanda does not document the number of the first page; here it is 1, as in most APIs.
    private IResult Search(ApiRequest request)
    {
        var expand = ExpandsAlerts(request);
        if (request.Number("page_size", 10, expand ? 10 : 100) is not (> 0 and var size) || request.Number("page", 1, 10_000) is not { } page)
            return BigPandaResponses.Malformed("page_size is at most 100, or 10 with expand=alerts.");
        var folder = request.Query("folder");
        var environment = request.Route("environment");
        var found = incidents.All
            .Where(i => environment == SimulatedEnvironment.DefaultId || i.EnvironmentId == environment)
            .Where(i => folder is null || ApiIncident.Folders(i).Contains(folder))
            .OrderByDescending(i => i.ChangedOn)
            .ToList();
        var items = found.Skip((Math.Max(1, page) - 1) * size).Take(size).Select(i => (JsonNode)ApiIncident.From(i, expand));
        return BigPandaResponses.Json(new JsonObject { ["total"] = found.Count, ["items"] = new JsonArray([.. items]) });
    }

    private IResult Activities(ApiRequest request)
    {
        if (request.Number("per_page", 20, 100) is not (> 0 and var size) || request.Number("page", 1, 10_000) is not { } page)
            return BigPandaResponses.Malformed("per_page is at most 100.");
        var newestFirst = actions.Find(request.Route("id"), SimulatedEnvironment.DefaultId).Activities.Reverse();
        return BigPandaResponses.Json(new JsonArray([.. newestFirst.Skip((Math.Max(1, page) - 1) * size).Take(size).Select(ApiIncident.From)]));
    }

    private static bool ExpandsAlerts(ApiRequest request) => request.Query("expand")?.Split(',').Contains("alerts") == true;
}
