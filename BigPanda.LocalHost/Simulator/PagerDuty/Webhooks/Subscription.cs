using System.Collections.Immutable;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;

/// <summary>A webhook subscription.</summary>
internal sealed record Subscription
{
    public required string Id { get; init; }

    public required Uri Url { get; init; }

    /// <summary>Newest first; several while one is replaced.</summary>
    public required ImmutableList<string> Secrets { get; init; }

    public string Description { get; init; } = "";

    public ImmutableList<string> Events { get; init; } = [];

    public ImmutableDictionary<string, string> CustomHeaders { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Only this service's events; null for the account's.</summary>
    public string? ServiceId { get; init; }

    /// <summary>Webhooks that were dropped since the last one that arrived.</summary>
    public int Drops { get; init; }

    /// <summary>Three drops in a row disable it for a day.</summary>
    public DateTimeOffset? DisabledUntil { get; init; }

    public bool Wants(AccountEvent happened) => Events.Contains(happened.Type) && (ServiceId is null || ServiceId == happened.Incident.Service.Id);

    public bool IsDisabledAt(DateTimeOffset now) => now < DisabledUntil;
}
