using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Reconciliation;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Reconciliation;

public sealed class UnsharedIncidentsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly UnsharedIncidents _unshared;

    public UnsharedIncidentsTests() => _unshared = new UnsharedIncidents(_time);

    [Fact]
    public void One_is_asked_for_again_once_it_has_changed_or_after_a_day()
    {
        _unshared.Add("one", Deliveries.At(10));

        Assert.True(_unshared.Has("one", Deliveries.At(10)));
        Assert.False(_unshared.Has("one", Deliveries.At(11)));
        Assert.False(_unshared.Has("other", Deliveries.At(10)));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(_unshared.Has("one", Deliveries.At(10)));
    }

    [Fact]
    public void One_that_does_not_say_when_it_has_changed_is_always_asked_for()
    {
        _unshared.Add("one", null);

        Assert.False(_unshared.Has("one", null));
    }
}
