using BigPanda.Functions.Brake;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Brake;

/// <summary>When the brake holds, on two instances that share their tables.</summary>
public sealed class ActionBrakeTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly LogCapture _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly CountingInstance _one;
    private readonly CountingInstance _other;

    public ActionBrakeTests()
    {
        var tables = new MemoryTables(_time);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _one = new CountingInstance(tables, _time, closes: 20, _loggers.CreateLogger<ActionBrake>());
        _other = new CountingInstance(tables, _time, closes: 20, _loggers.CreateLogger<ActionBrake>());
    }

    public void Dispose() => _loggers.Dispose();

    [Fact]
    public async Task It_holds_on_both_once_together_they_have_more_than_the_limit_and_says_so_once()
    {
        await _one.CountAsync(8);
        await _other.CountAsync(8);
        var before = await _one.IsHeldAsync();
        await _other.CountAsync(8);

        Assert.Equal((false, true, true), (before, await _one.IsHeldAsync(), await _other.IsHeldAsync()));
        Assert.Single(_log.Lines, line => line.StartsWith("Error The brake holds all closes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_holds_until_a_person_decides_and_not_only_for_ten_minutes()
    {
        await _one.CountAsync(30);
        await _one.IsHeldAsync();
        _time.Advance(TimeSpan.FromDays(1));

        Assert.True(await _other.IsHeldAsync());
    }

    [Fact]
    public async Task Spread_over_more_than_ten_minutes_it_does_not_hold()
    {
        for (var i = 0; i < 60; i++)
        {
            await _one.CountAsync();
            Assert.False(await _one.IsHeldAsync());
            _time.Advance(TimeSpan.FromSeconds(40));
        }
    }

    [Fact]
    public async Task A_release_frees_both_at_once_and_what_was_counted_before_does_not_engage_it_again()
    {
        await _one.CountAsync(30);
        Assert.True(await _other.IsHeldAsync());
        _time.Advance(TimeSpan.FromSeconds(1));
        await _one.ReleaseAsync(_time.GetUtcNow());

        Assert.Equal((false, false), (await _one.IsHeldAsync(), await _other.IsHeldAsync()));
        _time.Advance(TimeSpan.FromSeconds(11));
        await _one.CountAsync(15);
        Assert.False(await _other.IsHeldAsync());
        await _other.CountAsync(15);
        Assert.True(await _one.IsHeldAsync());
        Assert.Equal(2, (await _one.Store.ReadAsync(BrakeKind.Closes, CancellationToken.None)).Newest?.Number);
    }

    [Fact]
    public async Task The_first_of_two_decisions_counts()
    {
        await _one.CountAsync(30);
        await _one.IsHeldAsync();
        await Task.WhenAll(
            _one.Store.ReleaseAsync(BrakeKind.Closes, 1, new BrakeRelease(_time.GetUtcNow(), "ada", false, null), CancellationToken.None),
            _other.Store.ReleaseAsync(BrakeKind.Closes, 1, new BrakeRelease(_time.GetUtcNow(), "bob", true, null), CancellationToken.None));
        var made = (await _one.Store.ReadAsync(BrakeKind.Closes, CancellationToken.None)).ReleaseOf(1);

        await _one.Store.ReleaseAsync(BrakeKind.Closes, 1, new BrakeRelease(_time.GetUtcNow(), "eve", true, null), CancellationToken.None);

        Assert.Contains(made?.Actor, new[] { "ada", "bob" });
        Assert.Equal(made, (await _one.Store.ReadAsync(BrakeKind.Closes, CancellationToken.None)).ReleaseOf(1));
    }

    [Fact]
    public async Task One_kind_does_not_hold_the_other()
    {
        await _one.CountAsync(30);
        await Assert.ThrowsAsync<BrakeEngagedException>(() => _one.Brake.CheckAsync(BrakeKind.Closes, CancellationToken.None));
        await _one.Brake.CheckAsync(BrakeKind.Pages, CancellationToken.None);
    }
}
