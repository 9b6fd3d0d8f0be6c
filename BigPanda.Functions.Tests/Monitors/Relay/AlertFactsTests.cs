using System.Text;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Monitors.Relay;

namespace BigPanda.Functions.Tests.Monitors.Relay;

/// <summary>What the relay reads of an alert.</summary>
public sealed class AlertFactsTests
{
    [Theory]
    [InlineData("[]")]
    [InlineData("not json")]
    public void What_is_no_alert_cannot_be_relayed(string json) => Assert.StartsWith(
        "The body is not an alert: ", Assert.Throws<MessageUnreadableException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"status":1}""")]
    public void Nor_what_has_no_status(string json) =>
        Assert.Equal("The alert has no status.", Assert.Throws<MessageUnreadableException>(() => Read(json)).Message);

    [Fact]
    public void Its_digest_knows_the_members_whatever_their_order_and_not_the_time()
    {
        var one = Read("""{"status":"ok","host":"a","timestamp":1}""");

        Assert.Equal(one.Digest, Read("""{"host":"a","timestamp":2,"status":"ok"}""").Digest);
        Assert.NotEqual(one.Digest, Read("""{"status":"ok","host":"b","timestamp":1}""").Digest);
        Assert.NotEqual(one.Digest, Read("""{"status":"ok","hos":"a","timestamp":1}""").Digest);
    }

    [Theory]
    [InlineData("""{"status":"ok","timestamp":7}""", 7L)]
    [InlineData("""{"status":"ok","timestamp":"7"}""", null)]
    [InlineData("""{"status":"ok","timestamp":7.5}""", null)]
    [InlineData("""{"status":"ok"}""", null)]
    public void Its_time_is_a_whole_number(string json, long? time) => Assert.Equal(time, Read(json).Timestamp);

    private static AlertFacts Read(string json) => AlertFacts.Read(Encoding.UTF8.GetBytes(json));
}
