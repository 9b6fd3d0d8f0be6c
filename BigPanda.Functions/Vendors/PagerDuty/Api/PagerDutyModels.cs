using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.PagerDuty.Api;

/// <param name="Status"><c>triggered</c>, <c>acknowledged</c> or <c>resolved</c>, in lower case.</param>
internal sealed record PagerDutyIncident(string Id, string? Url, string Status)
{
    public bool IsResolved => Status == PagerDutyAlert.Resolved;

    /// <summary>Resolved because its alerts were merged into another incident.</summary>
    public bool IsMerged { get; init; }

    /// <summary>When it was last triggered, acknowledged or resolved; null without a time that can be read.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>The person who did that; null for an automatic rule and for an event.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>An event of an integration did it.</summary>
    public bool IsChangedByEvent { get; init; }

    public static PagerDutyIncident? Read(JsonElement value)
    {
        if (JsonReading.Text(value, "id") is not { Length: > 0 } id) return null;
        if (JsonReading.Text(value, "status")?.Trim().ToLowerInvariant() is not { Length: > 0 } status) return null;
        var agent = JsonReading.Member(value, "last_status_change_by") ?? default;
        var type = JsonReading.Text(agent, "type") ?? "";
        return new PagerDutyIncident(id, JsonReading.Text(value, "html_url"), status)
        {
            ChangedAt = JsonReading.Member(value, "last_status_change_at") is { } time ? SentTime.Read(time).At : null,
            ChangedBy = type.StartsWith("user", StringComparison.Ordinal) ? JsonReading.Text(agent, "summary") : null,
            IsChangedByEvent = type.Contains("integration", StringComparison.Ordinal),
            IsMerged = JsonReading.Text(JsonReading.Member(value, "resolve_reason") ?? default, "type") == "merge_resolve_reason",
        };
    }
}

/// <param name="AlertKey">The dedup key of its events; null for an alert that no event opened.</param>
internal sealed record PagerDutyAlert(string Id, string? AlertKey, string? Status)
{
    public const string Resolved = "resolved";

    public bool IsResolved => Status == Resolved;

    public static PagerDutyAlert? Read(JsonElement value) => JsonReading.Text(value, "id") is { Length: > 0 } id
        ? new PagerDutyAlert(id, JsonReading.Text(value, "alert_key"), JsonReading.Text(value, "status")?.Trim().ToLowerInvariant())
        {
            Texts = ReadTexts(value),
        }
        : null;

    /// <summary>Its key, links and details, where another integration may name an incident of BigPanda.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    private static IReadOnlyList<string> ReadTexts(JsonElement value)
    {
        var body = JsonReading.Member(value, "body") ?? default;
        var details = JsonReading.Member(body, "details") is { ValueKind: JsonValueKind.Object } known ? known.EnumerateObject().Select(one => one.Value) : [];
        IEnumerable<string?> texts =
        [
            JsonReading.Text(value, "alert_key"),
            JsonReading.Text(JsonReading.Member(body, "cef_details") ?? default, "client_url"),
            .. JsonReading.Items(body, "contexts").Select(link => JsonReading.Text(link, "href")),
            .. details.Select(JsonValues.Name),
        ];
        return [.. texts.OfType<string>()];
    }
}

/// <param name="Alert">The alert with the key. It may be resolved while its incident is open: other alerts may be grouped with it.</param>
internal sealed record FoundIncident(PagerDutyIncident Incident, PagerDutyAlert Alert);

internal sealed record PagerDutyNote(string Id, string Content)
{
    public static PagerDutyNote? Read(JsonElement value) =>
        JsonReading.Text(value, "id") is { Length: > 0 } id && JsonReading.Text(value, "content") is { } content ? new PagerDutyNote(id, content) : null;
}

/// <param name="Url">Where PagerDuty sends the webhooks.</param>
/// <param name="IsActive">False when a person switched it off.</param>
/// <param name="IsDisabled">PagerDuty switched it off for a day, after three refused webhooks. What happens meanwhile is not sent later.</param>
internal sealed record WebhookSubscription(string Id, string? Url, bool IsActive, bool IsDisabled)
{
    public static WebhookSubscription? Read(JsonElement value)
    {
        if (JsonReading.Text(value, "id") is not { Length: > 0 } id) return null;
        var delivery = JsonReading.Member(value, "delivery_method") ?? default;
        return new WebhookSubscription(id, JsonReading.Text(delivery, "url"), !Flag(value, "active", false), Flag(delivery, "temporarily_disabled", true));
    }

    private static bool Flag(JsonElement value, string name, bool isFlag) =>
        JsonReading.Member(value, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag && flag.GetBoolean() == isFlag;
}
