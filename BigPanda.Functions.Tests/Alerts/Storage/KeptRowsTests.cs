using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Storage;

namespace BigPanda.Functions.Tests.Alerts.Storage;

public sealed class KeptRowsTests
{
    [Theory]
    [InlineData(null, "expired")]
    [InlineData("too large", "too large")]
    public void A_stripped_row_keeps_the_timelines_columns_and_says_why_first(string? before, string why)
    {
        var row = new TableEntity("alert", "t-1")
        {
            ["Summary"] = "opened",
            ["Data"] = "a text",
            ["Data00"] = new byte[] { 1 },
            ["Data01"] = new byte[] { 2 },
            ["Snap00"] = new byte[] { 3 },
            ["Kept"] = new byte[] { 4 },
            ["Snapshot"] = "{}",
            ["KeptAt"] = DateTimeOffset.UnixEpoch,
        };
        (row.ETag, row.Timestamp) = (new ETag("1"), DateTimeOffset.UnixEpoch);
        TimelineRows.WriteFacts(row, new StepFacts { MessageId = "1", Subject = "incident-webhook", NotKept = before });

        var stripped = KeptRows.Strip(row, "expired");

        Assert.Equal(["Data", "Facts", "PartitionKey", "RowKey", "Summary", "odata.etag"], stripped.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((row.ETag, why), (stripped.ETag, TimelineRows.ReadFacts(stripped)?.NotKept));
    }
}
