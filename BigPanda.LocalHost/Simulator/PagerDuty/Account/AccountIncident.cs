using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Account;

/// <summary>An incident as PagerDuty stores it.</summary>
internal sealed record AccountIncident
{
    public required string Id { get; init; }

    public required int Number { get; init; }

    /// <summary>The summary of the alert that opened it: later ones do not change it.</summary>
    public required string Title { get; init; }

    public required AccountService Service { get; init; }

    /// <summary>Null where an event opened the incident: then its alerts have the keys.</summary>
    public string? Key { get; init; }

    /// <summary>triggered, acknowledged or resolved.</summary>
    public string Status { get; init; } = IncidentStatus.Triggered;

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ReopenedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public string? Priority { get; init; }

    /// <summary>The id of the incident that has its alerts now.</summary>
    public string? MergedInto { get; init; }

    public ImmutableList<AccountUser> Assignees { get; init; } = [];

    public ImmutableList<AccountNote> Notes { get; init; } = [];

    /// <summary>Who changed the status last, and when; null for automation.</summary>
    public Agent? ChangedBy { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public bool IsResolved => Status == IncidentStatus.Resolved;
}

internal static class IncidentStatus
{
    public const string Triggered = "triggered";
    public const string Acknowledged = "acknowledged";
    public const string Resolved = "resolved";

    public static readonly string[] All = [Triggered, Acknowledged, Resolved];
}

/// <param name="Key">The dedup key.</param>
/// <param name="IsOpen">Until it is resolved; an acknowledged alert is open.</param>
/// <param name="Event">What the latest trigger showed.</param>
internal sealed record AccountAlert(
    string Id, string Key, string RoutingKey, string IncidentId, AccountService Service, bool IsOpen, DateTimeOffset CreatedAt, JsonObject Event)
{
    public string Summary => (string?)Event["payload"]?["summary"] ?? "";

    public string Severity => (string?)Event["payload"]?["severity"] ?? "";
}

internal sealed record AccountNote(string Id, string Content, AccountUser By, DateTimeOffset CreatedAt);

internal sealed record AccountUser(string Id, string Name, string Email);

/// <summary>Each routing key is an integration of a separate service.</summary>
internal sealed record AccountService(string Id, string Name, string IntegrationId);

/// <summary>Who did something, as a webhook names them.</summary>
internal sealed record Agent(string Type, string Id, string Summary, string Path)
{
    public const string User = "user_reference";

    public static Agent Of(AccountUser user) => new(User, user.Id, user.Name, $"users/{user.Id}");

    /// <summary>An event through the Events API.</summary>
    public static Agent Of(AccountService service) =>
        new("inbound_integration_reference", service.IntegrationId, "Events API V2", $"services/{service.Id}/integrations/{service.IntegrationId}");
}

/// <summary>Something that a webhook is sent for.</summary>
/// <param name="Agent">Null for automation.</param>
/// <param name="Event">The event of the Events API that opened the incident.</param>
internal sealed record AccountEvent(
    string Type, AccountIncident Incident, Agent? Agent, DateTimeOffset At, AccountNote? Note = null, JsonObject? Event = null);
