using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>The alert's row: plain columns for people who read the table, the alert as compressed JSON, and its summary for lists.</summary>
internal static class AlertRows
{
    public const string PendingColumn = "Pending";
    public const string SummaryColumn = "Summary";

    /// <summary>Schema 1 wrote times as seconds since 1970.</summary>
    internal const int Schema = 2;

    private const int OldestSchema = 1;
    private const int MaxJsonBytes = 64 * 1024 * 1024;

    public static TableEntity Write(Alert alert, IReadOnlyList<AlertAction> pending, string partition)
    {
        var (fitted, json) = AlertFit.FitIntoRow(alert);
        var row = new TableEntity(partition, "")
        {
            ["Schema"] = Schema,
            ["IncidentId"] = alert.IncidentId,
            ["Status"] = alert.Life.Status?.ToString() ?? "",
            ["Episode"] = alert.Life.Episode,
            ["Title"] = fitted.Content.Title,
            ["BigPanda"] = alert.BigPanda.State.ToString(),
            ["UpdatedAt"] = alert.UpdatedAt,
            [PendingColumn] = pending.Count == 0 ? "" : PendingActions.Write(pending),
        };
        BinaryColumns.Write(row, json);
        var summary = AlertSummary.Of(alert with { Content = alert.Content with { Omitted = fitted.Content.Omitted } });
        var packed = Compressed.Pack(JsonSerializer.SerializeToUtf8Bytes(summary, StoredAlertJson.Default.AlertSummary));
        if (packed.Length <= EntityLimits.MaxPropertyBytes) row[SummaryColumn] = packed;
        return row;
    }

    /// <returns>Null for a row of an earlier version, or a summary that did not fit into a property.</returns>
    public static AlertSummary? ReadSummary(TableEntity row) => row.GetBinary(SummaryColumn) is { } packed
        ? JsonSerializer.Deserialize(Compressed.Unpack(packed, MaxJsonBytes), StoredAlertJson.Default.AlertSummary)
        : null;

    public static StoredAlert Read(TableEntity row) =>
        new(ReadAlert(BinaryColumns.Read(row), row.GetInt32("Schema"), row.PartitionKey), PendingActions.Read(row.GetString(PendingColumn)), row.ETag)
        {
            Kept = KeptSpan.Read(row),
        };

    /// <param name="packed">As <see cref="Write"/> packs the alert.</param>
    public static Alert ReadAlert(byte[] packed, int? schema, string row)
    {
        if (schema > Schema) throw new RowTooNewException($"The alert of row {row} has schema {schema}; this build reads up to {Schema}.");
        if (schema is not >= OldestSchema) throw new InvalidDataException($"The alert of row {row} has schema {schema}.");
        return JsonSerializer.Deserialize(Compressed.Unpack(packed, MaxJsonBytes), StoredAlertJson.Default.Alert)
            ?? throw new InvalidDataException($"Row {row} has no alert.");
    }

    /// <summary>The alert as it is when it is read after it was stored: cut to the row's limit.</summary>
    public static Alert Roundtrip(Alert alert)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(alert, StoredAlertJson.Default.Alert);
        // Whatever it is compressed to, it fits.
        return json.Length <= BinaryColumns.MaxBytes / 2
            ? JsonSerializer.Deserialize(json, StoredAlertJson.Default.Alert) ?? throw new JsonException("null")
            : ReadAlert(Pack(alert), Schema, alert.IncidentId);
    }

    /// <summary>As a row holds it; <see cref="ReadAlert"/> reads it.</summary>
    public static byte[] Pack(Alert alert) => AlertFit.FitIntoRow(alert).Json;
}

/// <summary>Actions stored with an alert until they are known to be sent.</summary>
internal static class PendingActions
{
    /// <summary>Other scripts as they are: escaped, the texts of two actions would not fit into the property.</summary>
    private static readonly JsonTypeInfo<IReadOnlyList<AlertAction>> Unescaped = new StoredAlertJson(
        new JsonSerializerOptions(StoredAlertJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).IReadOnlyListAlertAction;

    public static string Write(IReadOnlyList<AlertAction> actions) => JsonSerializer.Serialize(actions, Unescaped);

    public static IReadOnlyList<AlertAction> Read(string? json)
    {
        if (string.IsNullOrEmpty(json)) return [];
        try
        {
            return JsonSerializer.Deserialize(json, StoredAlertJson.Default.IReadOnlyListAlertAction) ?? [];
        }
        catch (JsonException e)
        {
            // Only a newer version writes what this one cannot read: a destination that this one does not know.
            throw new RowTooNewException($"The pending actions cannot be read: {e.Message}");
        }
    }
}

/// <summary>
/// JSON of stored alerts. Members may be added; a renamed one, or a new meaning, needs a new schema number. Generated readers set a member
/// that a row lacks to null despite its initializer, hence the defaults in the init accessors.
/// </summary>
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(AlertSummary))]
[JsonSerializable(typeof(IReadOnlyList<TimelineEntry>))]
[JsonSerializable(typeof(IReadOnlyList<AlertAction>))]
[JsonSerializable(typeof(StepFacts))]
[JsonSerializable(typeof(KeptDelivery))]
[JsonSerializable(typeof(SnapshotInfo))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true, Converters = [typeof(StoredTime)])]
internal sealed partial class StoredAlertJson : JsonSerializerContext;
