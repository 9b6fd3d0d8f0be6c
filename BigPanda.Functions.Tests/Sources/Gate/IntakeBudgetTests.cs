using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Sources.Gate;

public sealed class IntakeBudgetTests : IDisposable
{
    private const int Body = 1024 * 1024;
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly FakeTimeProvider _time = new();
    private readonly List<bool> _collections = [];
    private readonly IntakeBudget _budget;

    /// <summary>Two bodies at once, each as received and as stored.</summary>
    public IntakeBudgetTests()
    {
        var options = new IntakeOptions { MaxBodyBytes = Body, MaxBytesInFlight = 4 * Body };
        _budget = new IntakeBudget(Options.Create(options), new MemoryRelief(_time, _collections.Add), _time);
    }

    public void Dispose() => _budget.Dispose();

    [Fact]
    public async Task What_is_over_the_bound_waits_for_a_share_in_order_of_arrival()
    {
        var first = await _budget.TakeAsync(Body, _none);
        Assert.NotNull(await _budget.TakeAsync(Body, _none));
        var third = _budget.TakeAsync(Body, _none).AsTask();
        var fourth = _budget.TakeAsync(Body, _none).AsTask();
        Assert.False(third.IsCompleted);

        first?.Dispose();

        Assert.NotNull(await third);
        Assert.False(fourth.IsCompleted);
    }

    [Fact]
    public async Task After_eight_seconds_in_which_nothing_was_stored_there_is_no_share()
    {
        Assert.NotNull(await _budget.TakeAsync(null, _none));
        Assert.NotNull(await _budget.TakeAsync(null, _none));
        var third = _budget.TakeAsync(null, _none).AsTask();

        _time.Advance(TimeSpan.FromSeconds(8));

        Assert.Null(await third);
    }

    [Fact]
    public async Task While_bodies_are_stored_a_request_waits_on_and_keeps_its_place_up_to_a_hundred_seconds()
    {
        var first = await _budget.TakeAsync(Body, _none);
        Assert.NotNull(await _budget.TakeAsync(Body, _none));
        var third = _budget.TakeAsync(Body, _none).AsTask();
        var fourth = _budget.TakeAsync(Body, _none).AsTask();
        for (var second = 6; second < 100; second += 6)
        {
            _time.Advance(TimeSpan.FromSeconds(6));
            first?.Move();
        }

        Assert.False(third.IsCompleted);
        first?.Dispose();
        Assert.NotNull(await third);
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Null(await fourth);
    }

    [Fact]
    public async Task A_stuck_budget_is_noticed_eight_seconds_after_its_last_move()
    {
        var first = await _budget.TakeAsync(Body, _none);
        Assert.NotNull(await _budget.TakeAsync(Body, _none));
        var third = _budget.TakeAsync(Body, _none).AsTask();
        _time.Advance(TimeSpan.FromSeconds(7));
        first?.Move();

        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await third);
    }

    [Fact]
    public async Task Small_bodies_never_wait()
    {
        for (var i = 0; i < 2; i++) Assert.NotNull(await _budget.TakeAsync(Body, _none));

        Assert.NotNull(await _budget.TakeAsync(64 * 1024, _none));
        Assert.NotNull(await _budget.TakeAsync(0, _none));
    }

    /// <summary>It takes the share of the largest, and is mostly small.</summary>
    [Fact]
    public async Task A_small_body_of_unknown_length_holds_nothing_once_it_is_read_and_leaves_no_garbage_to_collect()
    {
        for (var i = 0; i < 1000; i++) (await _budget.TakeAsync(null, _none))?.Fit(2000);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.NotNull(await _budget.TakeAsync(Body, _none));
        Assert.Empty(_collections);
    }

    [Fact]
    public async Task A_larger_body_of_unknown_length_keeps_its_share_and_counts_as_what_it_used()
    {
        var shares = new List<ByteShare?>();
        for (var i = 0; i < 2; i++) shares.Add(await _budget.TakeAsync(null, _none));
        foreach (var share in shares) share?.Fit(Body / 2);
        var third = _budget.TakeAsync(Body, _none).AsTask();
        Assert.False(third.IsCompleted);
        shares.ForEach(share => share?.Dispose());
        (await third)?.Dispose();
        // At a megabyte each, on top of the four above, to 64 MB of garbage.
        for (var i = 0; i < 59; i++) await UseAsync(Body / 2);
        Assert.Empty(_collections);
        await UseAsync(Body / 2);

        Assert.Equal([false], _collections);
    }

    private async Task UseAsync(long length)
    {
        using var share = await _budget.TakeAsync(null, _none);
        share?.Fit(length);
    }

    [Fact]
    public async Task A_caller_that_disconnects_leaves_the_queue()
    {
        var (first, second) = (await _budget.TakeAsync(Body, _none), await _budget.TakeAsync(Body, _none));
        using var hungUp = new CancellationTokenSource();
        var third = _budget.TakeAsync(Body, hungUp.Token).AsTask();
        var fourth = _budget.TakeAsync(Body, _none).AsTask();

        await hungUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        first?.Dispose();
        Assert.NotNull(await fourth);
        second?.Dispose();
    }
}
