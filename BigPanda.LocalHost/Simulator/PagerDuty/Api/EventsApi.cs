using System.Text.Json;
using System.Text.Json.Nodes;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Api;

/// <summary>The Events API v2: checks an event, keeps to the rate of its routing key, applies it. 202 means accepted, also for what is dropped.</summary>
internal sealed class EventsApi(PagerDutyAccount account, PagerDutySettings settings, TimeProvider time)
{
    private const int MaxBytes = 512 * 1024;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RateWindow> _rates = new(StringComparer.Ordinal);

    public Response Take(ReadOnlyMemory<byte> body)
    {
        if (body.Length > MaxBytes)
            return Invalid(413, "Event object is too large");
        if (Parse(body) is not { } sent)
            return Invalid(400, "Event object format is unrecognized");
        if (EventCheck.Errors(sent) is { Count: > 0 } errors)
            return Invalid(400, [.. errors]);

        var routingKey = (string?)sent["routing_key"] ?? "";
        if (settings.Current.InvalidKeys.Contains(routingKey))
            return Invalid(400, "Invalid routing key");
        if (!RateOf(routingKey).Admit())
            return Throttled();
        var key = (string?)sent["dedup_key"] ?? account.Ids.Event();
        account.Apply(routingKey, (string?)sent["event_action"] ?? "", key, sent, service => settings.Current.NamesIntegration ? Agent.Of(service) : null);
        return new(202, new() { ["status"] = "success", ["message"] = "Event processed", ["dedup_key"] = key });
    }

    public static Response Of(int status) => status switch
    {
        429 => Throttled(),
        < 300 => new(status, new() { ["status"] = "success", ["message"] = "Event processed" }),
        < 500 => Invalid(status, HtmlPage.Words(status)),
        _ => new(status, new() { ["status"] = "error", ["message"] = HtmlPage.Words(status), ["errors"] = new JsonArray() }),
    };

    private RateWindow RateOf(string routingKey)
    {
        lock (_gate)
        {
            if (!_rates.TryGetValue(routingKey, out var rate))
                _rates[routingKey] = rate = new RateWindow(() => settings.Current.EventsPerMinute, Window, time);
            return rate;
        }
    }

    private static JsonObject? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span, null, Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Response Invalid(int status, params string[] errors) => new(status, new()
    {
        ["status"] = "invalid event",
        ["message"] = "Event object is invalid",
        ["errors"] = new JsonArray([.. errors.Select(error => JsonValue.Create(error))]),
    });

    private static Response Throttled() => new(429, new()
    {
        ["status"] = "throttle exceeded",
        ["message"] = "Requests for this service are arriving too quickly.  Please retry later.",
        ["errors"] = new JsonArray("Enhance Your Calm."),
    });

    internal readonly record struct Response(int Status, JsonObject Body)
    {
        public IResult ToResult() => ControlGroup.Text(Body, Status);
    }
}
