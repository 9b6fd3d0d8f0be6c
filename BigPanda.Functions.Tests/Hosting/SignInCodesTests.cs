using System.Net;
using System.Text;
using BigPanda.LocalHost.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Hosting;

/// <summary>The link that ./run prints: it signs in once, for a quarter of an hour, and no other request gets the key.</summary>
public sealed class SignInCodesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SignInCodes _codes;

    public SignInCodesTests() => _codes = new SignInCodes(_time);

    [Fact]
    public void A_code_is_good_once()
    {
        var code = _codes.Create();

        Assert.Equal((true, false), (_codes.TryUse(code), _codes.TryUse(code)));
    }

    [Fact]
    public void Codes_are_good_independently_of_each_other()
    {
        var (first, second) = (_codes.Create(), _codes.Create());

        Assert.NotEqual(first, second);
        Assert.Equal((true, true), (_codes.TryUse(second), _codes.TryUse(first)));
    }

    [Fact]
    public void A_code_ends_after_a_quarter_of_an_hour()
    {
        var code = _codes.Create();
        _time.Advance(TimeSpan.FromMinutes(15));

        Assert.False(_codes.TryUse(code));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public void Nothing_else_is_good(string? code)
    {
        _codes.Create();

        Assert.False(_codes.TryUse(code));
    }

    [Theory]
    [InlineData("""{"code":"CODE"}""", "application/json", HttpStatusCode.OK)]
    [InlineData("""{"code":"CODE"}""", "text/plain", HttpStatusCode.Unauthorized)]
    [InlineData("""{"code":"other"}""", "application/json", HttpStatusCode.Unauthorized)]
    [InlineData("""{"code":""", "application/json", HttpStatusCode.Unauthorized)]
    [InlineData("null", "application/json", HttpStatusCode.Unauthorized)]
    [InlineData("{}", "application/json", HttpStatusCode.Unauthorized)]
    public async Task The_endpoint_gives_the_key_for_a_code_in_JSON_alone(string body, string type, HttpStatusCode status)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body.Replace("CODE", _codes.Create(), StringComparison.Ordinal)));
        context.Request.ContentType = type;
        context.Response.Body = new MemoryStream();

        await new SignInEndpoint(_codes, "the-key").HandleAsync(context);

        context.Response.Body.Position = 0;
        var answer = await new StreamReader(context.Response.Body).ReadToEndAsync();
        Assert.Equal((int)status, context.Response.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK, answer.Contains("the-key", StringComparison.Ordinal));
    }
}
