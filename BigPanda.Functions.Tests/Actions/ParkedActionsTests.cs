using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Actions;

/// <summary>A message that was delivered again is parked by two instances, whose clocks differ.</summary>
public sealed class ParkedActionsTests
{
    private static readonly AlertAction Close = new CloseIncidentAction("incident", "1", "env-1", "fixed").ToAction();

    private readonly CancellationToken _none = CancellationToken.None;
    private readonly ParkedActions _parked = new(new MemoryTables(TimeProvider.System), NullLogger<ParkedActions>.Instance);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whichever_comes_last_the_later_time_and_what_is_known_of_the_calls_stay(bool isLaterFirst)
    {
        var (earlier, later) = (At(10), At(20));
        await _parked.AddAsync(new ActionDelivery(Close, 2, MayBeDone: true), isLaterFirst ? later : earlier, _none);

        await _parked.AddAsync(new ActionDelivery(Close, 1), isLaterFirst ? earlier : later, _none);

        var action = Assert.Single(await _parked.ListAsync(Destination.BigPanda, _none).ToListAsync());
        Assert.Equal((later.At, 2, true), (action.ParkedAt, action.Delivery.Attempt, action.Delivery.MayBeDone));
    }

    [Fact]
    public async Task A_replay_counts_its_own_attempts()
    {
        await _parked.AddAsync(new ActionDelivery(Close, 9), At(10), _none);

        await _parked.AddAsync(new ActionDelivery(Close, 1, AttemptsBeforeReplay: 9), At(20), _none);

        Assert.Equal(1, Assert.Single(await _parked.ListAsync(Destination.BigPanda, _none).ToListAsync()).Delivery.Attempt);
    }

    private static Parking At(long second) => new(Deliveries.At(second), TimeSpan.Zero);
}
