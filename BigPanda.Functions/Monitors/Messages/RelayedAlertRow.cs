using Azure.Data.Tables;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Monitors.Messages;

/// <summary>The columns of an alert on its way.</summary>
internal static class RelayedAlertRow
{
    public const string ReceivedAt = "ReceivedAt";

    public static void Write(TableEntity row, RelayedAlert alert)
    {
        row["Identity"] = alert.Identity;
        row[ReceivedAt] = alert.ReceivedAt;
        if (alert.OkAfter is { } after) row["OkAfterSeconds"] = (long)after.TotalSeconds;
        if (alert.TraceParent is { } trace) row["TraceParent"] = trace;
        if (alert.IsReplay) row["IsReplay"] = true;
        BinaryColumns.Write(row, alert.Json.Span);
    }

    /// <returns>Null for a damaged row.</returns>
    public static RelayedAlert? Read(string sourceId, TableEntity row)
    {
        if (row.GetString("Identity") is not { } identity || row.GetDateTimeOffset(ReceivedAt) is not { } receivedAt) return null;
        return new RelayedAlert(sourceId, identity, BinaryColumns.Read(row), receivedAt)
        {
            OkAfter = row.GetInt64("OkAfterSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            IsReplay = row.GetBoolean("IsReplay") == true,
            TraceParent = row.GetString("TraceParent"),
        };
    }
}
