using BigPanda.Functions.Http;

namespace BigPanda.Functions.Tests.Http;

public sealed class RouteTextTests
{
    [Theory]
    [InlineData("5555370aabc20a001145d6g9", "5555370aabc20a001145d6g9")]
    [InlineData("a%2Fb%2fc", "a/b/c")]
    [InlineData("100%", "100%")]
    [InlineData("a b+c?d#e", "a b+c?d#e")]
    public void Only_the_slash_is_still_to_be_decoded(string segment, string id) => Assert.Equal(id, RouteText.Decode(segment));
}
