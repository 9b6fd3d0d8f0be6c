using System.Text.Json;
using BigPanda.Functions.Alerts;

namespace BigPanda.Functions.Tests.Alerts;

/// <summary>Rows of an earlier version, which lack what was added since.</summary>
public sealed class StoredAlertTests
{
    private static readonly Alert Bare = new() { IncidentId = "old" };

    [Theory]
    [InlineData("""{"IncidentId":"old"}""")]
    [InlineData("""{"IncidentId":"old","History":{},"Content":{}}""")]
    public void A_member_that_a_row_lacks_has_its_default(string row)
    {
        var alert = JsonSerializer.Deserialize(row, StoredAlertJson.Default.Alert);

        Assert.NotNull(alert);
        Assert.Equal(JsonSerializer.Serialize(Bare, StoredAlertJson.Default.Alert), JsonSerializer.Serialize(alert, StoredAlertJson.Default.Alert));
    }

    [Fact]
    public void Detail_without_tags_has_none()
    {
        var alert = JsonSerializer.Deserialize("""{"IncidentId":"old","Content":{"Alerts":[{"Id":"1"}]}}""", StoredAlertJson.Default.Alert);

        Assert.Empty(Assert.Single(alert?.Content.Alerts ?? []).Tags);
    }
}
