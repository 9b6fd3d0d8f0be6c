using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;
using BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Api;

/// <summary>The REST API's webhook subscriptions.</summary>
internal sealed class SubscriptionRoutes(Subscriptions subscriptions, SubscriptionSender sender, AccountIds ids, RestGate gate, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/webhook_subscriptions", gate.Route(PagerDutyFaults.Subscriptions, List));
        app.MapPost("/webhook_subscriptions", gate.Route(PagerDutyFaults.Subscriptions, Create));
        app.MapGet("/webhook_subscriptions/{id}", gate.Route(PagerDutyFaults.Subscriptions, request => On(request, one => Shown(one))));
        app.MapDelete("/webhook_subscriptions/{id}", gate.Route(PagerDutyFaults.Subscriptions, request => On(request, Delete)));
        app.MapPost("/webhook_subscriptions/{id}/enable", gate.Route(PagerDutyFaults.Subscriptions, request => On(request, Enable)));
        app.MapPost("/webhook_subscriptions/{id}/ping", gate.Route(PagerDutyFaults.Subscriptions, request => On(request, Ping)));
    }

    private IResult List(ApiRequest request) => Paged.Of(request, "webhook_subscriptions", subscriptions.All, one => Json(one));

    private IResult Create(ApiRequest request)
    {
        if (request.Json?["webhook_subscription"] is not JsonObject wanted
            || wanted["delivery_method"] is not JsonObject method
            || !Uri.TryCreate(ApiRequest.Text(method, "url"), UriKind.Absolute, out var url)
            || wanted["events"] is not JsonArray { Count: > 0 } events)
            return RestGate.Error(400, "Invalid Input Provided", RestGate.InvalidInput, "'delivery_method.url' and 'events' are needed.");
        var filter = wanted["filter"] as JsonObject ?? [];
        var created = new Subscription
        {
            Id = ids.Other(),
            Url = url,
            // Shown only now.
            Secrets = [Convert.ToBase64String(RandomNumberGenerator.GetBytes(48))],
            Description = ApiRequest.Text(wanted, "description") ?? "",
            Events = [.. events.Select(one => one?.ToString() ?? "")],
            CustomHeaders = (method["custom_headers"] as JsonArray ?? []).OfType<JsonObject>()
                .ToImmutableDictionary(header => ApiRequest.Text(header, "name") ?? "", header => ApiRequest.Text(header, "value") ?? ""),
            ServiceId = ApiRequest.Text(filter, "type") == "service_reference" ? ApiRequest.Text(filter, "id") : null,
        };
        subscriptions.Put(created);
        return Shown(created, 201, created.Secrets[0]);
    }

    private IResult Delete(Subscription subscription)
    {
        subscriptions.Remove(subscription.Id);
        return Results.NoContent();
    }

    private IResult Enable(Subscription subscription)
    {
        subscriptions.Enable(subscription.Id);
        return subscriptions.TryFind(subscription.Id, out var enabled) ? Shown(enabled) : RestGate.Of(404);
    }

    private IResult Ping(Subscription subscription)
    {
        sender.Ping(subscription.Id);
        return Results.StatusCode(202);
    }

    private IResult On(ApiRequest request, Func<Subscription, IResult> handle) =>
        subscriptions.TryFind(request.Route("id"), out var subscription) ? handle(subscription) : RestGate.Of(404);

    private IResult Shown(Subscription subscription, int status = 200, string? secret = null) =>
        RestGate.Json(new JsonObject { ["webhook_subscription"] = Json(subscription, secret) }, status);

    private JsonObject Json(Subscription subscription, string? secret = null) => new()
    {
        ["id"] = subscription.Id,
        ["type"] = "webhook_subscription",
        ["active"] = true,
        ["delivery_method"] = new JsonObject
        {
            ["type"] = "http_delivery_method",
            ["url"] = subscription.Url.AbsoluteUri,
            ["secret"] = secret,
            ["temporarily_disabled"] = subscription.IsDisabledAt(time.GetUtcNow()),
            ["custom_headers"] = new JsonArray([.. subscription.CustomHeaders.Keys.Select(Redacted)]),
        },
        ["description"] = subscription.Description,
        ["events"] = new JsonArray([.. subscription.Events.Select(one => JsonValue.Create(one))]),
        ["filter"] = new JsonObject { ["type"] = subscription.ServiceId is null ? "account_reference" : "service_reference", ["id"] = subscription.ServiceId },
    };

    private static JsonObject Redacted(string name) => new() { ["name"] = name, ["value"] = "<redacted>" };
}
