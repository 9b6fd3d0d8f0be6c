using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>A row of the timeline: the entries of one message, numbered in the order of application. <see cref="KeptRows"/> adds to it.</summary>
internal static class TimelineRows
{
    /// <summary>Keys are in [First, End).</summary>
    public const string First = "t";
    public const string End = "u";

    public const string EntriesColumn = "Entries";
    public const string FactsColumn = "Facts";

    private const int MaxChars = EntityLimits.MaxPropertyBytes / 2;

    public static TableEntity Write(string partition, Decision decision) =>
        new(partition, Key(decision.Alert.TimelineLength))
        {
            [EntriesColumn] = Shorten(decision.Timeline),
        };

    public static string Key(int number) => First + number.ToString("D10", CultureInfo.InvariantCulture);

    public static int NumberOf(TableEntity row) => int.Parse(row.RowKey.AsSpan(First.Length), CultureInfo.InvariantCulture);

    public static IReadOnlyList<TimelineEntry> Read(TableEntity row) =>
        row.GetString(EntriesColumn) is { } json ? JsonSerializer.Deserialize(json, StoredAlertJson.Default.IReadOnlyListTimelineEntry) ?? [] : [];

    /// <returns>Null for a row of an earlier version.</returns>
    public static StepFacts? ReadFacts(TableEntity row) =>
        row.GetString(FactsColumn) is { } json ? JsonSerializer.Deserialize(json, StoredAlertJson.Default.StepFacts) : null;

    public static void WriteFacts(TableEntity row, StepFacts facts) =>
        row[FactsColumn] = JsonSerializer.Serialize(facts, StoredAlertJson.Default.StepFacts);

    /// <summary>A filter for the rows after number <paramref name="after"/>, up to <paramref name="last"/>.</summary>
    public static string Between(string incidentId, int after, int last)
    {
        var (partition, from, to) = (TableKey.Of(incidentId), Key(after), Key(last));
        return TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {from} and RowKey le {to}");
    }

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
