using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Messaging;

public sealed class BrokerGateTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly BrokerGate _gate;

    public BrokerGateTests() => _gate = new BrokerGate(_time);

    [Fact]
    public async Task A_broker_that_has_refused_nothing_is_asked_at_once() => Assert.True(await WaitAsync());

    [Fact]
    public async Task Of_all_that_wait_one_asks_and_the_others_go_on_when_it_is_answered()
    {
        _gate.ReportRefused();
        var waiting = Enumerable.Range(0, 100).Select(_ => WaitAsync()).ToArray();
        Assert.All(waiting, one => Assert.False(one.IsCompleted));

        _time.Advance(TimeSpan.FromSeconds(1.5));
        await await Task.WhenAny(waiting);
        Assert.Equal(1, waiting.Count(one => one.IsCompleted));

        _gate.ReportAccepted();
        Assert.All(await Task.WhenAll(waiting), Assert.True);
    }

    /// <summary>The rest of a millisecond is waited for, too, and not asked about until it is over.</summary>
    [Fact]
    public async Task A_wait_is_over_when_its_timer_is()
    {
        _gate.ReportRefused();
        var waiting = WaitAsync();
        Assert.True(_time.TryAdvanceToNext());

        Assert.True(await waiting.WaitAsync(Eventually.Deadline));
    }

    [Fact]
    public async Task While_it_goes_on_refusing_it_is_asked_less_and_less_often()
    {
        _gate.ReportRefused();
        var asked = 0;
        for (var second = 0; second < 300; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            // With a deadline in the past: a turn now or none.
            if (!await _gate.WaitAsync(_time.GetUtcNow(), CancellationToken.None)) continue;
            asked++;
            _gate.ReportRefused();
        }

        Assert.InRange(asked, 9, 13);
    }

    [Fact]
    public async Task A_turn_after_the_deadline_is_not_given()
    {
        _gate.ReportRefused();

        Assert.False(await _gate.WaitAsync(_time.GetUtcNow() + TimeSpan.FromSeconds(0.5), CancellationToken.None));
    }

    [Fact]
    public async Task A_cancelled_caller_stops_waiting()
    {
        using var stop = new CancellationTokenSource();
        _gate.ReportRefused();
        var waiting = _gate.WaitAsync(DateTimeOffset.MaxValue, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private Task<bool> WaitAsync() => _gate.WaitAsync(_time.GetUtcNow() + TimeSpan.FromMinutes(8), CancellationToken.None);
}
