using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Outbound.Limiter;

/// <summary>A pause of a key's calls, and how a wait for a turn ends.</summary>
public sealed class CallPauseTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void A_pause_is_shared_until_the_others_can_read_it_and_ends_with_its_key() => Assert.Equal(
        "10, another key 0, unshared c 10, over; unshared c 40, as long False, still unshared c 40, shared, again shared; another key at 10",
        VirtualWorld.Run(async world =>
        {
            using var limiter = new RateLimiter("BigPanda", 1, world.Time);
            var key = new ApiCredential("a-key", "https://api.example.com") { ConnectionId = "c" };
            var other = key with { ApiKey = "another" };
            limiter.Serve(key);
            Assert.True(limiter.TryPause(key, TimeSpan.FromSeconds(10), isShared: false));
            var seen = $"{limiter.GetPauseLeft(key).TotalSeconds}, another key {limiter.GetPauseLeft(other).TotalSeconds}, {Unshared()}";
            await Task.Delay(TimeSpan.FromSeconds(10), world.Time, CancellationToken.None);
            seen += $", {(Unshared() == "shared" ? "over" : "on")}";
            Assert.True(limiter.TryPause(key, TimeSpan.FromSeconds(30), isShared: false));
            seen += $"; {Unshared()}, as long {limiter.TryPause(key, TimeSpan.FromSeconds(30), isShared: true)}";
            limiter.MarkShared(new CallPause("c", TimeSpan.FromSeconds(10)));
            seen += $", still {Unshared()}";
            limiter.MarkShared(new CallPause("c", TimeSpan.FromSeconds(40)));
            seen += $", {Unshared()}";
            limiter.MarkShared(new CallPause("c", TimeSpan.FromSeconds(40)));
            seen += $", again {Unshared()}";
            limiter.Hold(0, Long, TimeSpan.Zero);
            var waiting = limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            limiter.Serve(other);
            using var turn = await waiting;
            return $"{seen}; another key at {limiter.Now.TotalSeconds}";

            string Unshared() => limiter.FindUnsharedPause() is { } pause ? $"unshared {pause.ConnectionId} {pause.Until.TotalSeconds}" : "shared";
        }));

    [Fact]
    public void A_turn_is_given_back_once() => Assert.False(
        VirtualWorld.Run(async world =>
        {
            using var limiter = new RateLimiter("BigPanda", 1, world.Time);
            limiter.Hold(0, Long, TimeSpan.Zero);
            var turn = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            turn.Dispose();
            using var next = await limiter.TakeAsync(new CallClaim(CallPriority.Urgent), CancellationToken.None);
            turn.Dispose();
            return limiter.TryRelease(0);
        }));

    [Fact]
    public void Why_no_turn_came_is_said()
    {
        Assert.Equal("waited for BigPanda's rate limit as long as the message's lock can be renewed", new TurnTimeoutException("BigPanda").Message);
        Assert.Equal("too many calls wait for BigPanda's rate limit", new TurnTimeoutException("BigPanda", TimeSpan.Zero).Message);
        Assert.Equal("", default(CallClaim).Share);
    }
}
