using System.Text.Json;
using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>Validates a body of the Alerts API: one alert, or a batch under "alerts". Remembers the last 10,000 to detect duplicates.</summary>
internal sealed class AlertIntake(int capacity = 10_000)
{
    private static readonly string[] Statuses = ["ok", "critical", "warning", "unknown", "acknowledged"];
    private static readonly string[] PrimaryProperties = ["host", "service", "application", "device"];

    private readonly Lock _gate = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _arrivals = new();

    /// <summary>Why the body is invalid; null when it is valid.</summary>
    public static string? Problem(JsonObject body)
    {
        if (ApiRequest.Text(body, "app_key") is not { Length: > 0 })
            return "app_key is missing.";
        return body["alerts"] switch
        {
            null => AlertProblem(body),
            JsonArray { Count: > 0 } batch => batch.Select(a => AlertProblem(a as JsonObject)).FirstOrDefault(p => p is not null),
            _ => "alerts must be an array of alerts.",
        };
    }

    /// <summary>False for a duplicate.</summary>
    public bool TryTake(JsonObject body)
    {
        var text = body.ToJsonString();
        lock (_gate)
        {
            if (!_seen.Add(text))
                return false;
            _arrivals.Enqueue(text);
            if (_arrivals.Count > capacity)
                _seen.Remove(_arrivals.Dequeue());
            return true;
        }
    }

    private static string? AlertProblem(JsonObject? alert)
    {
        if (alert is null)
            return "An alert is not a JSON object.";
        if (ApiRequest.Text(alert, "status") is not { } status || !Statuses.Contains(status))
            return $"status must be one of {string.Join(", ", Statuses)}.";
        var named = ApiRequest.Text(alert, "primary_property");
        if (named is not null ? alert[named] is null : !PrimaryProperties.Any(p => alert[p] is not null))
            return $"The primary property is missing: {named ?? string.Join(", ", PrimaryProperties)}.";
        if (alert["timestamp"] is { } time && (time.GetValueKind() != JsonValueKind.Number || !time.AsValue().TryGetValue<long>(out _)))
            return "timestamp must be a whole number of seconds.";
        var nested = alert.FirstOrDefault(p => p.Value is JsonObject || (p.Value is JsonArray items && items.Any(i => i is JsonObject or JsonArray)));
        return nested.Key is null ? null : $"The property '{nested.Key}' is nested; properties must be strings, numbers or arrays of them.";
    }
}
