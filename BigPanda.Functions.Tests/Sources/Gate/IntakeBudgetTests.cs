using BigPanda.Functions.Sources.Gate;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Sources.Gate;

public sealed class IntakeBudgetTests : IDisposable
{
    private const int Body = 1024 * 1024;
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly FakeTimeProvider _time = new();
    private readonly IntakeBudget _budget;

    public IntakeBudgetTests() => _budget = new IntakeBudget(Options.Create(new IntakeOptions { MaxBodyBytes = Body, MaxBytesInFlight = 2 * Body }), _time);

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
    public async Task After_eight_seconds_there_is_no_share()
    {
        Assert.NotNull(await _budget.TakeAsync(null, _none));
        Assert.NotNull(await _budget.TakeAsync(null, _none));
        var third = _budget.TakeAsync(null, _none).AsTask();

        _time.Advance(IntakeBudget.MaxWait);

        Assert.Null(await third);
    }

    [Fact]
    public async Task Small_bodies_never_wait()
    {
        for (var i = 0; i < 2; i++) Assert.NotNull(await _budget.TakeAsync(Body, _none));

        Assert.NotNull(await _budget.TakeAsync(64 * 1024, _none));
        Assert.NotNull(await _budget.TakeAsync(0, _none));
    }

    [Fact]
    public async Task A_caller_that_disconnects_leaves_the_queue()
    {
        var (first, second) = (await _budget.TakeAsync(Body, _none), await _budget.TakeAsync(Body, _none));
        using var hungUp = new CancellationTokenSource();
        var third = _budget.TakeAsync(Body, hungUp.Token).AsTask();
        var fourth = _budget.TakeAsync(2 * Body, _none).AsTask();

        await hungUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        first?.Dispose();
        Assert.NotNull(await fourth);
        second?.Dispose();
    }
}
