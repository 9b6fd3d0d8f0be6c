using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Http;

public sealed class QueryTextTests
{
    [Theory]
    [InlineData("?a=x", "x")]
    [InlineData("?A=x", "x")]
    [InlineData("?a=", null)]
    [InlineData("?b=x", null)]
    public void An_empty_parameter_is_absent(string query, string? text) => Assert.Equal(text, QueryText.Of(Query(query), "a"));

    [Theory]
    [InlineData("?a=x&b=y&c=1&c=2", null)]
    [InlineData("?a=x&b=y&b=z", "b must be given once.")]
    [InlineData("?a=x&A=x", "a must be given once.")]
    public void One_that_is_there_more_than_once_is_named(string query, string? error) => Assert.Equal(error, QueryText.FindRepeated(Query(query), "a", "b"));

    private static IQueryCollection Query(string text) => new DefaultHttpContext { Request = { QueryString = new QueryString(text) } }.Request.Query;
}
