using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;
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
        var schema = row.GetInt32("Schema");
        if (schema > Schema) throw new RowTooNewException($"The alert of row {row.PartitionKey} has schema {schema}; this build reads up to {Schema}.");
        if (schema is not >= OldestSchema) throw new InvalidDataException($"The alert of row {row.PartitionKey} has schema {schema}.");

        var json = Compressed.Unpack(BinaryColumns.Read(row), MaxJsonBytes);
        var alert = JsonSerializer.Deserialize(json, StoredAlertJson.Default.Alert)
            ?? throw new InvalidDataException($"Row {row.PartitionKey} has no alert.");
        return new StoredAlert(alert, PendingActions.Read(row.GetString(PendingColumn)), row.ETag);
    }
}

/// <summary>A row of the timeline: the entries of one message, numbered in the order of application.</summary>
internal static class TimelineRows
{
    /// <summary>Keys are in [First, End).</summary>
    public const string First = "t";
    public const string End = "u";

    private const string Column = "Entries";
    private const int MaxChars = EntityLimits.MaxPropertyBytes / 2;

    public static TableEntity Write(string partition, Decision decision) =>
        new(partition, Key(decision.Alert.TimelineLength))
        {
            [Column] = Shorten(decision.Timeline),
        };

    public static string Key(int number) => First + number.ToString("D10", CultureInfo.InvariantCulture);

    public static int NumberOf(TableEntity row) => int.Parse(row.RowKey.AsSpan(First.Length), CultureInfo.InvariantCulture);

    public static IReadOnlyList<TimelineEntry> Read(TableEntity row) =>
        row.GetString(Column) is { } json ? JsonSerializer.Deserialize(json, StoredAlertJson.Default.IReadOnlyListTimelineEntry) ?? [] : [];

    /// <summary>Halves the limit of free text until the row fits: names and comments from outside are unbounded.</summary>
    private static string Shorten(IReadOnlyList<TimelineEntry> entries)
    {
        for (var limit = 8000; ; limit /= 2)
        {
            var cut = entries.Select(entry => entry with
            {
                Kind = Wording.Shorten(entry.Kind, limit),
                Comment = Wording.Shorten(entry.Comment, limit),
                Actor = Wording.Shorten(entry.Actor, limit),
                Summary = Wording.Shorten(entry.Summary, limit),
            });
            var json = JsonSerializer.Serialize([.. cut], StoredAlertJson.Default.IReadOnlyListTimelineEntry);
            if (json.Length <= MaxChars || limit < 8) return json;
        }
    }
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
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true, Converters = [typeof(StoredTime)])]
internal sealed partial class StoredAlertJson : JsonSerializerContext;
