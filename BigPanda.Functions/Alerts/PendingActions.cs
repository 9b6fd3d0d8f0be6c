using System.Text.Json;

namespace BigPanda.Functions.Alerts;

/// <summary>The outbox: actions decided and stored, but not yet known to be sent.</summary>
internal static class PendingActions
{
    public static IReadOnlyList<CloseIncidentAction> Of(IReadOnlyList<CloseIncidentAction> stored, CloseIncidentAction? added) =>
        added is null ? stored : [.. stored, added];

    public static string Write(IReadOnlyList<CloseIncidentAction> actions) =>
        JsonSerializer.Serialize(actions, StoredAlertJson.Default.IReadOnlyListCloseIncidentAction);

    public static IReadOnlyList<CloseIncidentAction> Read(string? json) =>
        string.IsNullOrEmpty(json) ? [] : JsonSerializer.Deserialize(json, StoredAlertJson.Default.IReadOnlyListCloseIncidentAction) ?? [];
}
