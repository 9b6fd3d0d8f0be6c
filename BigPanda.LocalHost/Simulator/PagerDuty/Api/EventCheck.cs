using System.Globalization;
using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Api;

/// <summary>What the Events API refuses. Source: developer.pagerduty.com/docs/send-alert-event.</summary>
internal static class EventCheck
{
    private const int MaxSummary = 1024;
    private const int MaxDedupKey = 255;

    private static readonly string[] Actions = ["trigger", "acknowledge", "resolve"];
    private static readonly string[] Severities = ["critical", "error", "warning", "info"];

    public static IReadOnlyList<string> Errors(JsonObject sent)
    {
        List<string> errors = [];
        if (Text(sent, "routing_key") is not { Length: 32 })
            errors.Add("Length of 'routing_key' is incorrect (should be 32 characters)");
        if (Text(sent, "event_action") is not { Length: > 0 } action)
            errors.Add("'event_action' is missing or blank");
        else if (!Actions.Contains(action))
            errors.Add("'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')");
        else if (action == "trigger")
            errors.AddRange(PayloadErrors(sent["payload"] as JsonObject));
        else if (Text(sent, "dedup_key") is not { Length: > 0 })
            errors.Add("'dedup_key' is missing or blank");
        if (Text(sent, "dedup_key") is { Length: > MaxDedupKey })
            errors.Add("Length of 'dedup_key' is incorrect (should be no more than 255 characters)");
        if (Items(sent, "links").Any(link => Text(link, "href") is not { Length: > 0 }))
            errors.Add("'links' is invalid (each needs an 'href')");
        if (Items(sent, "images").Any(image => Text(image, "src")?.StartsWith("https://", StringComparison.Ordinal) != true))
            errors.Add("'images' is invalid (each needs a 'src' with https)");
        return errors;
    }

    private static IEnumerable<string> PayloadErrors(JsonObject? payload)
    {
        if (payload is null)
        {
            yield return "'payload' is missing or blank";
            yield break;
        }
        if (Text(payload, "summary") is not { Length: > 0 } summary)
            yield return "'payload.summary' is missing or blank";
        else if (summary.Length > MaxSummary)
            yield return "Length of 'payload.summary' is incorrect (should be no more than 1024 characters)";
        if (Text(payload, "source") is not { Length: > 0 })
            yield return "'payload.source' is missing or blank";
        if (!Severities.Contains(Text(payload, "severity")))
            yield return "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')";
        if (payload["timestamp"] is not null && !DateTimeOffset.TryParse(Text(payload, "timestamp"), CultureInfo.InvariantCulture, out _))
            yield return "'payload.timestamp' is invalid";
    }

    private static IEnumerable<JsonObject?> Items(JsonObject sent, string name) =>
        sent[name] is null ? [] : sent[name] is JsonArray items ? items.Select(item => item as JsonObject) : [null];

    private static string? Text(JsonObject? json, string name) => json is null ? null : ApiRequest.Text(json, name);
}
