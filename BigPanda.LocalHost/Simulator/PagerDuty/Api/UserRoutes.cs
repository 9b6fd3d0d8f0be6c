using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Api;

/// <summary>The account's users.</summary>
internal sealed class UserRoutes(PagerDutyAccount account, RestGate gate)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/users", gate.Route(PagerDutyFaults.Users, List));
        // An account's key is no user's.
        app.MapGet("/users/me", gate.Route(PagerDutyFaults.Users, _ => RestGate.Error(400, "Caller must be a user", RestGate.InvalidInput)));
        app.MapGet("/users/{id}", gate.Route(PagerDutyFaults.Users, One));
    }

    private IResult List(ApiRequest request)
    {
        var query = request.Query("query") ?? "";
        var found = account.Users.Where(user =>
            user.Name.Contains(query, StringComparison.OrdinalIgnoreCase) || user.Email.Contains(query, StringComparison.OrdinalIgnoreCase));
        return Paged.Of(request, "users", [.. found], RestJson.Of);
    }

    private IResult One(ApiRequest request) => account.Users.FirstOrDefault(user => user.Id == request.Route("id")) is { } user
        ? RestGate.Json(new JsonObject { ["user"] = RestJson.Of(user) })
        : RestGate.Of(404);
}
