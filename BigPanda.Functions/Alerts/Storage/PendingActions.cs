using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>Actions stored with an alert until they are known to be sent.</summary>
internal static class PendingActions
{
    public static string Write(IReadOnlyList<AlertAction> actions) =>
        JsonSerializer.Serialize(actions, StoredAlertJson.Default.IReadOnlyListAlertAction);

    public static IReadOnlyList<AlertAction> Read(string? json) =>
        string.IsNullOrEmpty(json) ? [] : JsonSerializer.Deserialize(json, StoredAlertJson.Default.IReadOnlyListAlertAction) ?? [];
}
