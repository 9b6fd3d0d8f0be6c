using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// What the rows of the timeline keep for <c>POST /alerts/{incidentId}/rebuild</c>: the delivery of the row, or the alert after it (a snapshot) where the alert
/// cannot be folded up to there. So from the oldest snapshot on, every row has one of the two.
/// </summary>
internal static class KeptRows
{
    /// <summary>When the row's delivery was applied; only rows that keep something have it.</summary>
    public const string AtColumn = "KeptAt";

    private const string DeliveryColumn = "Kept";
    private const string SnapshotColumn = "Snapshot";
    private const string SnapshotPrefix = "Snap";
    private const string TooLarge = "too large for its row";

    /// <summary>Readable in the table, and half as long as with escapes: the planners' settings are JSON in JSON.</summary>
    private static readonly JsonTypeInfo<KeptDelivery> Unescaped = new StoredAlertJson(
        new JsonSerializerOptions(StoredAlertJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).KeptDelivery;

    /// <summary>Adds to the row what is kept of its step, as far as it fits: the alert and the timeline never give way to it.</summary>
    /// <param name="alert">The alert's row after the step.</param>
    /// <returns>What is kept of the alert now.</returns>
    public static KeptSpan Keep(TableEntity row, TimelineStep? step, StoredAlert? loaded, TableEntity alert, int number)
    {
        if (step is null) return new KeptSpan(0, loaded?.Kept.Since);
        var since = KeptSpan.SinceAfter(loaded, step, step.Facts.AppliedAt);
        if (step.IsKeepingOff)
        {
            TimelineRows.WriteFacts(row, step.Facts);
            return new KeptSpan(0, since);
        }

        // Without a kept history up to here, the delivery alone could not be folded.
        var continues = loaded is null || loaded.Kept.To == loaded.Alert.TimelineLength;
        var snapshot = continues && step.Delivery is not null ? [] : BinaryColumns.Read(alert);
        var json = step.Delivery is { } delivery ? JsonSerializer.SerializeToUtf8Bytes(delivery, Unescaped) : [];
        if (step.Delivery is { } kept && json.Length <= EntityLimits.MaxPropertyBytes
            && json.Length + kept.Body.Length + snapshot.Length <= BinaryColumns.MaxBytes)
        {
            row[DeliveryColumn] = json;
            BinaryColumns.Write(row, kept.Body.Span);
            TimelineRows.WriteFacts(row, step.Facts);
        }
        else
        {
            if (snapshot.Length == 0) snapshot = BinaryColumns.Read(alert);
            TimelineRows.WriteFacts(row, step.Facts with { NotKept = step.Facts.NotKept ?? TooLarge });
        }

        if (snapshot.Length > 0) WriteSnapshot(row, snapshot, null);
        row[AtColumn] = step.Facts.AppliedAt;
        return new KeptSpan(number, since);
    }

    /// <param name="packed">The alert as <see cref="AlertRows.Pack"/> packs it.</param>
    public static void WriteSnapshot(TableEntity row, byte[] packed, IReadOnlyList<string>? without)
    {
        row[SnapshotColumn] = JsonSerializer.Serialize(new SnapshotInfo(AlertRows.Schema, without), StoredAlertJson.Default.SnapshotInfo);
        BinaryColumns.Write(row, packed, SnapshotPrefix);
    }

    /// <summary>The row without what is kept in it; the timeline's own columns stay.</summary>
    /// <param name="why">What the row says of it from now on.</param>
    public static TableEntity Strip(TableEntity row, string why)
    {
        var stripped = new TableEntity(row.PartitionKey, row.RowKey) { ETag = row.ETag };
        foreach (var (name, value) in row)
        {
            if (name is "odata.etag" or "Timestamp" or "PartitionKey" or "RowKey" or AtColumn or DeliveryColumn or SnapshotColumn) continue;
            if (!BinaryColumns.IsColumn(name) && !BinaryColumns.IsColumn(name, SnapshotPrefix)) stripped[name] = value;
        }

        if (TimelineRows.ReadFacts(row) is { } facts) TimelineRows.WriteFacts(stripped, facts with { NotKept = facts.NotKept ?? why });
        return stripped;
    }

    public static bool HasDelivery(TableEntity row) => row.ContainsKey(DeliveryColumn);

    public static bool HasSnapshot(TableEntity row) => row.ContainsKey(SnapshotColumn);

    public static DateTimeOffset? AtOf(TableEntity row) => row.GetDateTimeOffset(AtColumn);

    /// <exception cref="JsonException">Something else wrote it.</exception>
    public static KeptDelivery? ReadDelivery(TableEntity row)
    {
        if (row.GetBinary(DeliveryColumn) is not { } json) return null;
        var delivery = JsonSerializer.Deserialize(json, Unescaped) ?? throw new JsonException("null");
        return delivery with { Body = BinaryColumns.ReadPieces(row) is [] ? default : BinaryColumns.Read(row) };
    }

    public static (Alert Alert, IReadOnlyList<string>? Without)? ReadSnapshot(TableEntity row)
    {
        if (row.GetString(SnapshotColumn) is not { } json) return null;
        var info = JsonSerializer.Deserialize(json, StoredAlertJson.Default.SnapshotInfo) ?? throw new JsonException("null");
        return (AlertRows.ReadAlert(BinaryColumns.Read(row, SnapshotPrefix), info.Schema, row.RowKey), info.Without);
    }
}
