using BigPanda.Functions.Monitors.Alerts;
using BigPanda.Functions.Monitors.Formats;
using BigPanda.Functions.Monitors.Formats.Azure;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Monitors;

/// <summary>The tables of docs/monitors.md say what the code does.</summary>
public sealed class MonitorDocsTests
{
    private static readonly IReadOnlyList<string[]> Rows =
        [.. Checkout.Lines("docs/monitors.md").Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Trim('|').Split(" | "))];

    [Fact]
    public void Every_format_has_its_row() => Assert.All(MonitorFormat.Known, format => Assert.Contains(Rows, row => Name(row) == format.Name));

    [Fact]
    public void Every_kind_has_its_row_which_says_whether_it_resolves() => Assert.All(AzureKinds.All, kind =>
    {
        var row = Assert.Single(Rows, row => row.Length == 5 && Name(row) == kind.Name);
        Assert.Equal(kind.NeverResolves, row[^1].Trim() == "never");
    });

    [Fact]
    public void Every_severity_is_in_the_row_of_its_status()
    {
        var written =
            from status in Enum.GetValues<MonitorStatus>()
            from row in Rows
            where row.Length == 2 && Name(row) == status.Name()
            from word in row[1].Split(',')
            select (word.Trim(' ', '`').ToLowerInvariant(), status);

        Assert.Equal(SeverityWords.All.Select(word => (word.Key, word.Value)).Order(), written.Order());
    }

    private static string Name(string[] row) => row[0].Trim(' ', '`');
}
