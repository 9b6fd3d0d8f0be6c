using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Api;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Sources.Gate;

public sealed class SourceAuthenticatorTests
{
    private const string First = "first-token";
    private const string Second = "zweites-Kennwort-ß-Київ";
    private static readonly DateTimeOffset Now = Deliveries.At(60);

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
        Assert.Equal(authentic, IsAuthentic(Headers("Authorization", header), tokens: [First, Second]));

    [Theory]
    [InlineData("X-Token", "first-token", true)]
    [InlineData("x-token", " first-token ", true)]
    [InlineData("X-Token", "Bearer first-token", true)]
    [InlineData("X-Token", "bearer  first-token", true)]
    [InlineData("X-Token", "Bearer wrong", false)]
    [InlineData("X-Token", "Basic first-token", false)]
    [InlineData("X-Token", "wrong", false)]
    [InlineData("X-Token", "", false)]
    [InlineData("Authorization", "Bearer first-token", false)]
    public void A_custom_header_holds_the_token_with_or_without_the_word_bearer(string name, string value, bool authentic) =>
        Assert.Equal(authentic, IsAuthentic(Headers(name, value), "X-Token", First));

    [Theory]
    [InlineData("x", 55, true)]
    [InlineData("x", 56, false)]
    [InlineData("€", 18, true)]
    [InlineData("€", 19, false)]
    [InlineData("x", 1_000_000, false)]
    public void A_token_that_would_take_longer_to_hash_is_none(string character, int count, bool authentic)
    {
        var token = string.Concat(Enumerable.Repeat(character, count));

        Assert.Equal(authentic, IsAuthentic(Headers("Authorization", $"Bearer {token}"), tokens: token));
        Assert.Equal(authentic, IsAuthentic(Headers("X-Token", token), "X-Token", token));
    }

    [Theory]
    [InlineData(23)]
    [InlineData(56)]
    public void A_token_that_could_not_be_used_is_not_taken_from_elsewhere(int length) =>
        Assert.Throws<ArgumentException>(() => NewToken.Of(new string('x', length), Now));

    [Fact]
    public void The_right_header_twice_is_none()
    {
        var headers = new HeaderDictionary { ["X-Token"] = new([First, First]), ["Authorization"] = new([$"Bearer {First}", $"Bearer {First}"]) };

        Assert.False(IsAuthentic(headers, "X-Token", First, $"{First},{First}"));
        Assert.False(IsAuthentic(headers, "Authorization", First, $"{First},Bearer {First}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData(null)]
    public void No_token_is_never_the_right_one(string? header) =>
        Assert.False(IsAuthentic(Headers("Authorization", header), tokens: ["", ""]));

    [Fact]
    public void Without_a_second_token_there_is_only_the_first()
    {
        Assert.True(IsAuthentic(Headers("Authorization", $"Bearer {First}"), tokens: First));
        Assert.False(IsAuthentic(Headers("Authorization", $"Bearer {Second}"), tokens: First));
    }

    [Theory]
    [InlineData(First, "t0")]
    [InlineData(Second, "t1")]
    [InlineData("wrong-token", null)]
    public void The_token_that_fits_is_returned(string token, string? id) =>
        Assert.Equal(id, SourceAuthenticator.Match(Entry(Catalogs.Source("main", First, Second)), Headers("Authorization", $"Bearer {token}"))?.Id);

    [Theory]
    [InlineData(null, "first-token", true)]
    [InlineData("Basic Zm9v", "first-token", true)]
    [InlineData(null, " first-token ", true)]
    [InlineData("Bearer wrong", "first-token", false)]
    [InlineData("Bearer first-token", "wrong", true)]
    [InlineData(null, "wrong", false)]
    [InlineData(null, "Bearer first-token", false)]
    [InlineData(null, "", false)]
    [InlineData(null, null, false)]
    public void A_token_in_the_URL_counts_when_the_header_has_none(string? header, string? inQuery, bool authentic) => Assert.Equal(
        authentic,
        SourceAuthenticator.Match(Entry(Catalogs.Source("main", First, Second)), Headers("Authorization", header), inQuery) is not null);

    [Fact]
    public void Where_the_header_comes_twice_the_token_in_the_URL_counts()
    {
        var source = Entry(Catalogs.Source("main", First) with { HeaderName = "X-Token" });

        Assert.NotNull(SourceAuthenticator.Match(source, new HeaderDictionary { ["X-Token"] = new(["a", "b"]) }, First));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("?access_token=a%2Bb", "a+b")]
    [InlineData("?x=1&ACCESS_TOKEN=a", "a")]
    [InlineData("?access_token=a&access_token=b", null)]
    [InlineData("?access_token", "")]
    [InlineData("?token=a", null)]
    public void A_token_is_taken_out_of_the_URL(string query, string? token)
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);

        Assert.Equal(token, SourceAuthenticator.TakeFromQuery(request));
        Assert.False(request.QueryString.HasValue);
        Assert.Empty(request.Query);
    }

    [Fact]
    public void The_URL_with_a_token_is_read_back()
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = QueryString.FromUriComponent(SourceAuthenticator.WithToken(new Uri("https://bridge.example.com/api/x"), "a+b/c=&d"));

        Assert.Equal("a+b/c=&d", SourceAuthenticator.TakeFromQuery(request));
    }

    [Fact]
    public async Task An_id_that_is_no_source_is_served_by_one_entry_that_no_token_fits()
    {
        var catalog = Catalogs.Of(Catalogs.Source("main", First));
        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Same(catalog.Find("a"), catalog.Find("b"));
        Assert.Null(SourceAuthenticator.Match(catalog.Find("a"), Headers("Authorization", $"Bearer {First}")));
        Assert.Null(SourceAuthenticator.Match(catalog.Find("Main"), Headers("Authorization", $"Bearer {First}")));
        Assert.NotNull(SourceAuthenticator.Match(catalog.Find("main"), Headers("Authorization", $"Bearer {First}")));
    }

    private static bool IsAuthentic(HeaderDictionary headers, string header = "Authorization", params string[] tokens) =>
        SourceAuthenticator.Match(Entry(Catalogs.Source("main", tokens) with { HeaderName = header }), headers) is not null;

    private static SourceEntry Entry(AlertSource source) => new(source, new SourceTraffic());

    private static HeaderDictionary Headers(string name, string? value) => new() { [name] = value };
}
