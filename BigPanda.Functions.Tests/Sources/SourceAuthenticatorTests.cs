using System.Security.Cryptography;
using System.Text;
using BigPanda.Functions.Sources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Sources;

public sealed class SourceAuthenticatorTests
{
    private const string First = "first-token";
    private const string Second = "zweites-Kennwort-ß-Київ";

    [Theory]
    [InlineData("Bearer first-token", true)]
    [InlineData("bearer first-token", true)]
    [InlineData("BEARER first-token", true)]
    [InlineData("Bearer   first-token  ", true)]
    [InlineData("Bearer zweites-Kennwort-ß-Київ", true)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer ", false)]
    [InlineData("first-token", false)]
    [InlineData("Token first-token", false)]
    [InlineData("Basic first-token", false)]
    [InlineData("Bearerfirst-token", false)]
    [InlineData("Bearer First-Token", false)]
    [InlineData("Bearer first-toke", false)]
    [InlineData("Bearer first-token2", false)]
    [InlineData("Bearer Bearer first-token", false)]
    [InlineData("Bearer first-token,Bearer first-token", false)]
    [InlineData("Bearer zweites-Kennwort-ss-Київ", false)]
    [InlineData("Bearer \uD800", false)]
    [InlineData("", false)]
    [InlineData("   ", false)]
    [InlineData(null, false)]
    public void The_token_follows_the_word_bearer(string? header, bool authentic) =>
        Assert.Equal(authentic, New(second: Second).IsAuthentic("main", Headers("Authorization", header)));

    [Theory]
    [InlineData("main", true)]
    [InlineData("Main", false)]
    [InlineData("main ", false)]
    [InlineData("mai", false)]
    [InlineData("", false)]
    public void A_token_is_good_for_its_source_only(string source, bool authentic) =>
        Assert.Equal(authentic, New().IsAuthentic(source, Headers("Authorization", $"Bearer {First}")));

    [Theory]
    [InlineData("X-Token", "first-token", true)]
    [InlineData("x-token", " first-token ", true)]
    [InlineData("X-Token", "Bearer first-token", false)]
    [InlineData("X-Token", "wrong", false)]
    [InlineData("X-Token", "", false)]
    [InlineData("Authorization", "Bearer first-token", false)]
    public void A_header_of_the_sources_own_holds_the_bare_token(string name, string value, bool authentic) =>
        Assert.Equal(authentic, New(header: "X-Token").IsAuthentic("main", Headers(name, value)));

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    [InlineData(1_000_000, false)]
    public void A_token_has_512_characters_at_most(int length, bool authentic)
    {
        var token = new string('€', length);

        Assert.Equal(authentic, New(first: token).IsAuthentic("main", Headers("Authorization", $"Bearer {token}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData(null)]
    public void No_token_is_never_the_right_one(string? header) =>
        Assert.False(New(first: "", second: "").IsAuthentic("main", Headers("Authorization", header)));

    [Fact]
    public void Without_a_second_token_there_is_only_the_first()
    {
        Assert.True(New().IsAuthentic("main", Headers("Authorization", $"Bearer {First}")));
        Assert.False(New().IsAuthentic("main", Headers("Authorization", $"Bearer {Second}")));
    }

    private static SourceAuthenticator New(string first = First, string? second = null, string header = "Authorization") =>
        new(Options.Create(new SourceOptions { Id = "main", TokenSha256 = Sha256(first), SecondTokenSha256 = second is null ? null : Sha256(second), HeaderName = header }));

    private static HeaderDictionary Headers(string name, string? value) => new() { [name] = value };

    private static string Sha256(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
