using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>The alert's row: plain columns for people who read the table, the alert as compressed JSON, and its summary for lists.</summary>
internal static class AlertRows
{
    public const string PendingColumn = "Pending";
    public const string SummaryColumn = "Summary";

    /// <summary>Schema 1 wrote times as seconds since 1970.</summary>
    private const int Schema = 2;

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

    public static StoredAlert Read(TableEntity row)
    {
        if (row.GetInt32("Schema") is var schema and not (>= OldestSchema and <= Schema))
            throw new InvalidDataException($"The alert of row {row.PartitionKey} has schema {schema}; this build reads {OldestSchema} to {Schema}.");

        var json = Compressed.Unpack(BinaryColumns.Read(row), MaxJsonBytes);
        var alert = JsonSerializer.Deserialize(json, StoredAlertJson.Default.Alert)
            ?? throw new InvalidDataException($"Row {row.PartitionKey} has no alert.");
        return new StoredAlert(alert, PendingActions.Read(row.GetString(PendingColumn)), row.ETag);
    }
}
