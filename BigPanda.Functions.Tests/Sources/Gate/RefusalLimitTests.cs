using System.Net;
using BigPanda.Functions.Sources.Gate;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Sources.Gate;

public sealed class RefusalLimitTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RefusalLimit _limit;

    public RefusalLimitTests() => _limit = new RefusalLimit(_time);

    [Fact]
    public void An_address_is_refused_a_burst_then_one_a_second()
    {
        Exhaust("203.0.113.1");

        Assert.Equal(RefusalLimit.Interval, _limit.Count(From("203.0.113.1")));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(TimeSpan.FromMilliseconds(1), _limit.Count(From("203.0.113.1")));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.Zero, _limit.Count(From("203.0.113.1")));
        Assert.Equal(RefusalLimit.Interval, _limit.Count(From("203.0.113.1")));
    }

    [Fact]
    public void After_a_pause_there_is_a_burst_and_no_more()
    {
        Exhaust("203.0.113.1");

        _time.Advance(TimeSpan.FromDays(1));

        Exhaust("203.0.113.1");
        Assert.NotEqual(TimeSpan.Zero, _limit.Count(From("203.0.113.1")));
    }

    [Fact]
    public void To_ask_or_to_be_limited_counts_nothing()
    {
        for (var i = 0; i < 2 * RefusalLimit.Burst; i++) Assert.Equal(TimeSpan.Zero, _limit.WaitOf(From("203.0.113.1")));
        Assert.Equal(0, _limit.Addresses);
        Exhaust("203.0.113.1");

        for (var i = 0; i < 100; i++) Assert.Equal(RefusalLimit.Interval, _limit.Count(From("203.0.113.1")));
        Assert.Equal(RefusalLimit.Interval, _limit.WaitOf(From("203.0.113.1")));
    }

    /// <summary>An IPv6 caller has at least a /64, and an IPv4 address may come in either form.</summary>
    [Theory]
    [InlineData("203.0.113.1", "203.0.113.2", false)]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("2001:db8:1:2::1", "203.0.113.1", false)]
    [InlineData("fe80::1%3", "fe80::2%4", true)]
    [InlineData(null, null, true)]
    [InlineData(null, "203.0.113.1", false)]
    public void A_caller_is_known_by_its_address(string? one, string? other, bool areSame)
    {
        Exhaust(one);

        Assert.Equal(areSame, _limit.WaitOf(From(other)) > TimeSpan.Zero);
    }

    [Fact]
    public void What_is_kept_is_bounded_and_the_addresses_that_are_limited_last_longest()
    {
        for (var i = 0; i < RefusalLimit.MaxAddresses - 1; i++) _limit.Count(Numbered(i));
        _time.Advance(RefusalLimit.Interval);
        Exhaust("203.0.113.1");
        Assert.Equal(RefusalLimit.MaxAddresses, _limit.Addresses);

        _limit.Count(From("203.0.113.2"));

        Assert.Equal(2, _limit.Addresses);
        Assert.NotEqual(TimeSpan.Zero, _limit.WaitOf(From("203.0.113.1")));
    }

    [Fact]
    public void Addresses_that_are_limited_stay_while_they_are_at_most_half_of_what_is_kept()
    {
        for (var i = 0; i < RefusalLimit.MaxAddresses / 2; i++) _limit.Count(Numbered(i));
        _time.Advance(RefusalLimit.Interval);
        for (var i = RefusalLimit.MaxAddresses / 2; i < RefusalLimit.MaxAddresses; i++) _limit.Count(Numbered(i));

        _limit.Count(From("203.0.113.1"));

        Assert.Equal(RefusalLimit.MaxAddresses / 2 + 1, _limit.Addresses);
    }

    [Fact]
    public void A_flood_of_addresses_starts_the_count_again()
    {
        Exhaust("203.0.113.1");

        for (var i = 0; i < 3 * RefusalLimit.MaxAddresses; i++)
        {
            Assert.Equal(TimeSpan.Zero, _limit.Count(Numbered(i)));
            Assert.InRange(_limit.Addresses, 1, RefusalLimit.MaxAddresses);
        }

        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(From("203.0.113.1")));
    }

    private void Exhaust(string? address)
    {
        for (var i = 0; i < RefusalLimit.Burst; i++) Assert.Equal(TimeSpan.Zero, _limit.Count(From(address)));
    }

    private static HttpRequest Numbered(int number) => From($"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}");

    private static HttpRequest From(string? address) =>
        new DefaultHttpContext { Connection = { RemoteIpAddress = address is null ? null : IPAddress.Parse(address) } }.Request;
}
