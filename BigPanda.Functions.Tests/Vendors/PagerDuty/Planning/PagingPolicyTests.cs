using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

public sealed class PagingPolicyTests
{
    [Fact]
    public void A_member_that_the_stored_policy_lacks_has_its_default()
    {
        var read = Read("""{"defaultKeyId":"0123456789ab"}""");

        Assert.Equal(("0123456789ab", PagingChoice.Page, Direction.Both), (read.DefaultKeyId, read.Flapping, read.Acknowledge));
        Assert.Equal((0, 0, PagingPolicy.DefaultUpdateInterval), (read.FireDelaySeconds, read.ResolveDelaySeconds, read.UpdateIntervalSeconds));
        Assert.Equal((0, 0, 0, 0), (read.Keys.Count, read.Rules.Count, read.Fields.Count, read.Severities.Count));
    }

    [Fact]
    public void A_policy_is_stored_with_the_words_of_the_API()
    {
        var policy = new PagingPolicy
        {
            Rules = [new PagingRule("Production", "critical", null, "database")],
            Snoozed = PagingChoice.Hold,
            Flapping = PagingChoice.Never,
            Resolve = Direction.Off,
        };
        var json = JsonSerializer.Serialize(policy, PagingPolicyJson.Default.PagingPolicy);

        Assert.Contains("""{"environment":"Production","severity":"critical","key":"database"}""", json, StringComparison.Ordinal);
        Assert.Contains("\"snoozed\":\"hold\",\"flapping\":\"never\"", json, StringComparison.Ordinal);
        Assert.Contains("\"resolve\":\"off\"", json, StringComparison.Ordinal);
        Assert.Equal(policy.Rules, Read(json).Rules);
    }

    [Theory]
    [InlineData(PageChange.Resolved, Direction.Both, false)]
    [InlineData(PageChange.Resolved, Direction.In, false)]
    [InlineData(PageChange.Resolved, Direction.Out, true)]
    [InlineData(PageChange.Resolved, Direction.Off, true)]
    [InlineData(PageChange.Unacknowledged, Direction.Out, false)]
    [InlineData(PageChange.Merged, Direction.Off, false)]
    public void What_is_not_taken_from_PagerDuty_is_marked(PageChange change, Direction resolve, bool isIgnored) =>
        Assert.Equal(isIgnored, new PagingPolicy { Resolve = resolve }.Apply(Of(change)).IsIgnored);

    [Fact]
    public void Acknowledgements_alone_are_commented()
    {
        var policy = new PagingPolicy { CommentAcknowledgements = true };

        Assert.True(policy.Apply(Of(PageChange.Acknowledged)).IsCommented);
        Assert.False(policy.Apply(Of(PageChange.Unacknowledged)).IsCommented);
    }

    private static PageChanged Of(PageChange change) => new(IncidentId, "page-1", change, "grace", null, At(10), "message-1");

    private static PagingPolicy Read(string json) => JsonSerializer.Deserialize(json, PagingPolicyJson.Default.PagingPolicy) ?? throw new JsonException("null");
}
