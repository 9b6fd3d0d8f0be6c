using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Vendors.BigPanda.Reconciler;

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

    /// <summary>The incident is active in BigPanda and has no alert: AutoShare may not send it here.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing = 4,

    /// <summary>BigPanda's API did not say enough to tell.</summary>
    [JsonStringEnumMemberName("unclear")]
    Unclear = 5,
}

/// <summary>A difference between an alert and its incident in BigPanda.</summary>
/// <param name="Repair">The event that ends it; null when none does.</param>
internal sealed record Drift(string IncidentId, DriftKind Kind, string Detail, IncidentObserved? Repair = null);

internal static class DriftKinds
{
    public static string NameOf(DriftKind kind) => kind switch
    {
        DriftKind.CloseLost => "closeLost",
        DriftKind.ReopenLost => "reopenLost",
        DriftKind.Gone => "gone",
        DriftKind.Missing => "missing",
        _ => "unclear",
    };
}
