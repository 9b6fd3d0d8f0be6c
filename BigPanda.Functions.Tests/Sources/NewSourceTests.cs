using BigPanda.Functions.Sources;

namespace BigPanda.Functions.Tests.Sources;

public sealed class NewSourceTests
{
    [Theory]
    [InlineData(null, null, null, "name")]
    [InlineData("  ", null, null, "name")]
    [InlineData("a\nb", null, null, "name")]
    [InlineData("a", "a b", null, "appKey")]
    [InlineData("a", "key\n", null, null)]
    [InlineData("a", "ke\ny", null, "appKey")]
    [InlineData("a", null, "X Token", "authHeader")]
    [InlineData("a", null, "X-Token:", "authHeader")]
    [InlineData("a", null, "content-type", "authHeader")]
    [InlineData("a", null, "Host", "authHeader")]
    [InlineData("a", null, "X-Token", null)]
    [InlineData("a", "0a1b-2c.d:e_f", "Authorization", null)]
    public void A_field_that_is_wrong_is_named(string? name, string? appKey, string? header, string? field) =>
        Assert.Equal(field, new NewSource(name, appKey, null, header).Trimmed().Fault()?.Field);

    [Theory]
    [InlineData(0, "silentAfterHours")]
    [InlineData(1, null)]
    [InlineData(720, null)]
    [InlineData(721, "silentAfterHours")]
    [InlineData(null, null)]
    public void A_rhythm_is_an_hour_to_a_month(int? hours, string? field) =>
        Assert.Equal(field, new NewSource("a", SilentAfterHours: hours).Trimmed().Fault()?.Field);

    [Fact]
    public void A_name_has_100_characters_at_most() => Assert.Equal("name", new NewSource(new string('x', 101)).Fault()?.Field);
}
