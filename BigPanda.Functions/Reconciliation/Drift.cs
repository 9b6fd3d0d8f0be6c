using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Reconciliation;

/// <summary>In the order of reports: what has no alert is often the most, and the least of interest.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftKind>))]
internal enum DriftKind
{
    /// <summary>The alert fires, and the incident is closed in BigPanda.</summary>
    [JsonStringEnumMemberName("closeLost")]
    CloseLost = 1,

    /// <summary>The alert is resolved, and the incident has been reopened in BigPanda since.</summary>
    [JsonStringEnumMemberName("reopenLost")]
    ReopenLost = 2,

    /// <summary>The alert fires, and BigPanda no longer knows the incident.</summary>
    [JsonStringEnumMemberName("gone")]
    Gone = 3,

    /// <summary>The incident of a forceOneTime source is closed: its webhooks end after the first.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended = 4,

    /// <summary>A person has resolved the page in PagerDuty.</summary>
    [JsonStringEnumMemberName("pageResolved")]
    PageResolved = 5,

    /// <summary>A person has acknowledged the page in PagerDuty, or no longer does.</summary>
    [JsonStringEnumMemberName("pageAcknowledged")]
    PageAcknowledged = 6,

    /// <summary>PagerDuty accepted the page and shows none.</summary>
    [JsonStringEnumMemberName("pageMissing")]
    PageMissing = 7,

    /// <summary>The API did not say enough.</summary>
    [JsonStringEnumMemberName("unclear")]
    Unclear = 8,

    /// <summary>The incident is active in BigPanda, was shared with this app and has no alert.</summary>
    [JsonStringEnumMemberName("newLost")]
    NewLost = 10,

    /// <summary>The incident is active in BigPanda and has no alert: AutoShare may not send it here.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing = 9,
}

/// <summary>A difference between what is stored here and what a system's API shows.</summary>
/// <param name="IncidentId">BigPanda's.</param>
/// <param name="Repair">The event that ends it; null when none does.</param>
internal sealed record Drift(string IncidentId, DriftKind Kind, string Detail, AlertEvent? Repair = null)
{
    /// <summary>A change this recent may still be on its way, or waiting in the queue.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>Sends the webhook that was lost, made from what BigPanda shows; null where an event repairs it, or nothing.</summary>
    public Func<CancellationToken, Task>? Create { get; init; }

    public bool IsRepairable => Repair is not null || Create is not null;

    public static Drift Unclear(string incidentId, string detail) => new(incidentId, DriftKind.Unclear, detail);

    /// <summary>What was lost: a webhook, and not a decision of a person.</summary>
    public static bool IsLoss(DriftKind kind) => kind is not (DriftKind.Missing or DriftKind.Unclear or DriftKind.PageMissing or DriftKind.Ended);
}
