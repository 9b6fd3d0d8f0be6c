using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Api;

/// <summary>The REST API's incidents with their alerts and notes. Source: developer.pagerduty.com/api-reference.</summary>
internal sealed class IncidentRoutes(PagerDutyAccount account, PagerDutySettings settings, RestGate gate, TimeProvider time)
{
    private const int MaxNote = 65_535;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/incidents", gate.Route(PagerDutyFaults.Incidents, List));
        app.MapGet("/incidents/{id}", gate.Route(PagerDutyFaults.Incidents, request => On(request, incident => Shown(incident))));
        app.MapPut("/incidents/{id}", gate.Route(PagerDutyFaults.Incidents, request => On(request, incident => Change(request, incident))));
        app.MapPut("/incidents/{id}/merge", gate.Route(PagerDutyFaults.Incidents, request => On(request, incident => Merge(request, incident))));
        app.MapGet("/incidents/{id}/alerts", gate.Route(PagerDutyFaults.Alerts, request => On(request, incident => ListAlerts(request, incident))));
        app.MapGet("/incidents/{id}/notes", gate.Route(PagerDutyFaults.Notes, request => On(request, incident => Notes(incident))));
        app.MapPost("/incidents/{id}/notes", gate.Route(PagerDutyFaults.Notes, request => On(request, incident => Annotate(request, incident))));
    }

    /// <summary>
    /// The key is compared with the alerts' keys, since an incident with alerts has none; an empty one filters nothing. Without date_range=all only the
    /// last month is searched.
    /// </summary>
    private IResult List(ApiRequest request)
    {
        var statuses = request.Context.Request.Query["statuses[]"].ToHashSet();
        var services = request.Context.Request.Query["service_ids[]"].ToHashSet();
        var since = request.Query("date_range") == "all" ? DateTimeOffset.MinValue : time.GetUtcNow() - TimeSpan.FromDays(30);
        var found = account.Incidents
            .Where(incident => statuses.Count == 0 || statuses.Contains(incident.Status))
            .Where(incident => services.Count == 0 || services.Contains(incident.Service.Id))
            .Where(incident => incident.CreatedAt >= since);
        if (request.Query("incident_key") is { Length: > 0 } key)
        {
            var isIndexed = time.GetUtcNow() - TimeSpan.FromMilliseconds(settings.Current.SearchLagMs);
            var withKey = account.Alerts(alert => alert.Key == key && alert.CreatedAt <= isIndexed).Select(alert => alert.IncidentId).ToHashSet();
            found = found.Where(incident => incident.Key == key || withKey.Contains(incident.Id));
        }

        var oldestFirst = found.OrderBy(incident => incident.Number);
        return Paged.Of(request, "incidents", [.. request.Query("sort_by") == "created_at:desc" ? oldestFirst.Reverse() : oldestFirst], RestJson.Of);
    }

    private IResult Change(ApiRequest request, AccountIncident incident)
    {
        if (!gate.TryReadFrom(request, out var user, out var refusal))
            return refusal;
        if (request.Json?["incident"] is not JsonObject change)
            return RestGate.Error(400, "Invalid Input Provided", RestGate.InvalidInput, "'incident' is missing.");
        var status = ApiRequest.Text(change, "status");
        if (status is not null && !IncidentStatus.All.Contains(status))
            return RestGate.Error(400, "Invalid Input Provided", RestGate.InvalidInput, "Status is invalid.");
        if (status == IncidentStatus.Resolved && incident.IsResolved)
            return RestGate.Error(400, "Incident Already Resolved", 1001);
        if (status is not null)
            account.SetStatus(incident.Id, status, Agent.Of(user));
        return account.TryFind(incident.Id, out var changed) ? Shown(changed) : RestGate.Of(404);
    }

    private IResult Merge(ApiRequest request, AccountIncident into)
    {
        if (!gate.TryReadFrom(request, out var user, out var refusal))
            return refusal;
        var sources = request.Json?["source_incidents"] as JsonArray ?? [];
        var ids = sources.Select(one => one is JsonObject source ? ApiRequest.Text(source, "id") ?? "" : "").ToList();
        if (ids.Count == 0 || ids.Exists(id => !account.TryFind(id, out _)))
            return RestGate.Of(404);
        foreach (var id in ids)
            account.Merge(id, into.Id, Agent.Of(user));
        return Shown(into);
    }

    private IResult ListAlerts(ApiRequest request, AccountIncident incident)
    {
        var key = request.Query("alert_key");
        var statuses = request.Context.Request.Query["statuses[]"].ToHashSet();
        var found = account.AlertsOf(incident.Id)
            .Where(alert => key is null || alert.Key == key)
            .Where(alert => statuses.Count == 0 || statuses.Contains(alert.IsOpen ? "triggered" : "resolved"));
        return Paged.Of(request, "alerts", [.. found], RestJson.Of);
    }

    private static IResult Notes(AccountIncident incident) =>
        RestGate.Json(new JsonObject { ["notes"] = new JsonArray([.. incident.Notes.Select(RestJson.Of)]) });

    private IResult Annotate(ApiRequest request, AccountIncident incident)
    {
        if (!gate.TryReadFrom(request, out var user, out var refusal))
            return refusal;
        if (request.Json?["note"] is not JsonObject note || ApiRequest.Text(note, "content") is not { Length: > 0 and <= MaxNote } content)
            return RestGate.Error(400, "Invalid Input Provided", RestGate.InvalidInput, "Content is missing or too long.");
        return RestGate.Json(new JsonObject { ["note"] = RestJson.Of(account.Annotate(incident.Id, content, user)) });
    }

    private IResult On(ApiRequest request, Func<AccountIncident, IResult> handle) =>
        account.TryFind(request.Route("id"), out var incident) ? handle(incident) : RestGate.Of(404);

    private static IResult Shown(AccountIncident incident) => RestGate.Json(new JsonObject { ["incident"] = RestJson.Of(incident) });
}
