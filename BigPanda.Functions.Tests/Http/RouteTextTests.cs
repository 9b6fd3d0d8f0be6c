using BigPanda.Functions.Http;

namespace BigPanda.Functions.Tests.Http;

public sealed class RouteTextTests
{
    [Theory]
    [InlineData("5555370aabc20a001145d6g9", "5555370aabc20a001145d6g9")]
    [InlineData("100%", "100%")]
    [InlineData("a b+c?d#e", "a b+c?d#e")]
    [InlineData("", "")]
    [InlineData("a%2Fb", "a/b,a%2Fb")]
    [InlineData("a%2Fb%2fc", "a/b/c,a%2Fb/c,a/b%2fc,a%2Fb%2fc")]
    public void Every_encoded_slash_is_a_slash_first_and_itself_then(string segment, string readings) =>
        Assert.Equal(readings.Split(','), RouteText.Readings(segment));

    [Fact]
    public void Many_of_them_cost_32_readings_at_most()
    {
        var readings = RouteText.Readings(string.Concat(Enumerable.Repeat("%2F", 1000))).ToList();

        Assert.Equal((32, new string('/', 1000)), (readings.Distinct().Count(), readings[0]));
    }
}
