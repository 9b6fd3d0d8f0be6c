using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Alerts.Storage;

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
