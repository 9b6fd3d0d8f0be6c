using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Functions.Alerts.Explaining;

/// <summary>A row of the timeline as an explanation reads it.</summary>
/// <param name="Facts">Null for a row of an earlier version.</param>
internal sealed record ExplainedRow(int Number, IReadOnlyList<TimelineEntry> Entries, StepFacts? Facts)
{
    public DateTimeOffset AppliedAt => Facts?.AppliedAt ?? (Entries is [var first, ..] ? first.At : default);

    public static ExplainedRow Read(TableEntity row) => new(TimelineRows.NumberOf(row), TimelineRows.Read(row), TimelineRows.ReadFacts(row));
}
