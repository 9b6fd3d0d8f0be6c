using Azure.Data.Tables;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>
/// From when to where an alert's history is kept, in columns of the alert's row. A version without these columns drops them with its next write, and so the
/// history does not count as kept across that write.
/// </summary>
/// <param name="To">The last row of the timeline that the alert can be folded up to from what is kept; 0 for none.</param>
/// <param name="Since">When the oldest delivery kept was applied; null when none is. Long ago when that is unknown: the sweep finds it out.</param>
internal readonly record struct KeptSpan(int To, DateTimeOffset? Since)
{
    public const string SinceColumn = "KeptSince";
    private const string ToColumn = "KeptTo";

    /// <summary>A merge cannot remove a column.</summary>
    private static readonly DateTimeOffset None = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static KeptSpan Read(TableEntity row) =>
        new(row.GetInt32(ToColumn) ?? 0, row.GetDateTimeOffset(SinceColumn) is not { } since ? DateTimeOffset.UnixEpoch : since == None ? null : since);

    public void WriteTo(TableEntity row)
    {
        row[ToColumn] = To;
        row[SinceColumn] = ToStored(Since);
    }

    public static DateTimeOffset ToStored(DateTimeOffset? since) => since ?? None;

    /// <summary>When the oldest delivery was applied, once this step is stored.</summary>
    public static DateTimeOffset? SinceAfter(StoredAlert? loaded, TimelineStep? step, DateTimeOffset now) =>
        loaded?.Kept.Since ?? (step is null or { IsKeepingOff: true } ? null : now);
}
