using System.Collections.Frozen;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.PagerDuty.Webhook;

/// <summary>
/// An event of PagerDuty's webhooks v3, of an incident. A member of another form than PagerDuty documents reads as absent.
/// Source: developer.pagerduty.com/docs/webhooks/webhook-overview.
/// </summary>
/// <param name="Id">Null when PagerDuty sent none.</param>
/// <param name="IncidentId">PagerDuty's.</param>
internal sealed record PagerDutyEvent(string? Id, string Type, string IncidentId)
{
    private static readonly FrozenDictionary<string, PageChange> Changes = new Dictionary<string, PageChange>
    {
        ["incident.triggered"] = PageChange.Triggered,
        ["incident.acknowledged"] = PageChange.Acknowledged,
        ["incident.unacknowledged"] = PageChange.Unacknowledged,
        ["incident.resolved"] = PageChange.Resolved,
        ["incident.reopened"] = PageChange.Reopened,
        ["incident.annotated"] = PageChange.Noted,
        ["incident.reassigned"] = PageChange.Assigned,
        ["incident.delegated"] = PageChange.Assigned,
        ["incident.escalated"] = PageChange.Assigned,
        ["incident.priority_updated"] = PageChange.Prioritized,
    }.ToFrozenDictionary();

    /// <summary>The types that mean something for a page: a subscription needs no others.</summary>
    public static IEnumerable<string> Types => Changes.Keys;

    /// <summary>By PagerDuty's clock.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>Our time of receipt where PagerDuty's is missing or cannot be right: one far ahead would make every later change stale.</summary>
    public DateTimeOffset At(DateTimeOffset receivedAt) =>
        OccurredAt is { } at && at <= receivedAt + IncidentTimes.MaxAhead ? at : receivedAt;

    /// <summary>Null for automation, and for some events through the Events API.</summary>
    public PagerDutyAgent? Agent { get; init; }

    public string? IncidentUrl { get; init; }

    /// <summary>Null for the incidents of events; a text for those that a person opened.</summary>
    public string? IncidentKey { get; init; }

    /// <summary>The client's address in the event that opened the incident.</summary>
    public string? ClientUrl { get; init; }

    public string? Title { get; init; }

    /// <summary>Of a note; the names of the assignees; the priority's name.</summary>
    public string? Text { get; init; }

    public string? NoteId { get; init; }

    /// <summary>The note has more text than the webhook.</summary>
    public bool IsTrimmed { get; init; }

    /// <summary>The incident that has the alerts now, when this one was resolved by a merge.</summary>
    public PagerDutyReference? MergedInto { get; init; }

    public PageChange Change => MergedInto is not null ? PageChange.Merged : Changes[Type];

    /// <returns>Null for what can never matter: a ping, another resource, a type without a meaning here, and what is no event at all.</returns>
    public static PagerDutyEvent? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return JsonReading.Member(document.RootElement, "event") is { } evt ? Read(evt) : null;
        }
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            return null;
        }
    }

    private static PagerDutyEvent? Read(JsonElement evt)
    {
        var data = JsonReading.Member(evt, "data") ?? default;
        // A note names its incident; the other data are the incident.
        var incident = JsonReading.Text(data, "type") == "incident" ? data : JsonReading.Member(data, "incident") ?? default;
        if (JsonReading.Text(evt, "event_type") is not { } type || !Changes.TryGetValue(type, out var change)) return null;
        if (JsonReading.Text(incident, "id") is not { Length: > 0 } incidentId) return null;
        return new PagerDutyEvent(JsonReading.Text(evt, "id"), type, incidentId)
        {
            OccurredAt = JsonReading.Member(evt, "occurred_at") is { } time ? SentTime.Read(time).At : null,
            Agent = PagerDutyAgent.Read(JsonReading.Member(evt, "agent")),
            IncidentUrl = JsonReading.Text(incident, "html_url"),
            IncidentKey = JsonReading.Text(incident, "incident_key"),
            ClientUrl = JsonReading.Text(JsonReading.Member(evt, "client") ?? default, "url"),
            Title = JsonReading.Text(incident, "title") ?? JsonReading.Text(incident, "summary"),
            Text = TextOf(change, data),
            NoteId = change == PageChange.Noted ? JsonReading.Text(data, "id") : null,
            IsTrimmed = JsonReading.Member(data, "trimmed") is { ValueKind: JsonValueKind.True },
            MergedInto = change == PageChange.Resolved ? ReadMerge(JsonReading.Member(data, "resolve_reason") ?? default) : null,
        };
    }

    private static string? TextOf(PageChange change, JsonElement data) => change switch
    {
        PageChange.Noted => JsonReading.Text(data, "content"),
        PageChange.Assigned => string.Join(", ", JsonReading.Items(data, "assignees").Select(user => JsonReading.Text(user, "summary")).OfType<string>()),
        PageChange.Prioritized => JsonReading.Text(JsonReading.Member(data, "priority") ?? default, "summary"),
        _ => null,
    };

    private static PagerDutyReference? ReadMerge(JsonElement reason)
    {
        if (JsonReading.Text(reason, "type") != "merge_resolve_reason") return null;
        var target = JsonReading.Member(reason, "incident") ?? default;
        return new PagerDutyReference(JsonReading.Text(target, "id"), JsonReading.Text(target, "html_url"));
    }
}

/// <param name="Id">Null when PagerDuty did not say.</param>
internal sealed record PagerDutyReference(string? Id, string? Url);

/// <summary>Who did something.</summary>
/// <param name="Type">For example <c>user_reference</c>.</param>
/// <param name="Name">Null when PagerDuty sent only the id.</param>
internal sealed record PagerDutyAgent(string? Type, string? Id, string? Name)
{
    /// <summary>An event of the Events API: only the bridge sends those of its keys.</summary>
    public bool IsIntegration => Type == "inbound_integration_reference";

    /// <summary>For people, on one line; null for an integration, which is no person.</summary>
    public string? Actor => IsIntegration || (Name ?? Id) is not { } name ? null : Wording.ToLine(name);

    public static PagerDutyAgent? Read(JsonElement? value) => value is not { ValueKind: JsonValueKind.Object } agent
        ? null
        : new PagerDutyAgent(JsonReading.Text(agent, "type"), JsonReading.Text(agent, "id"), JsonReading.Text(agent, "summary"));
}
