using BigPanda.Functions.Reconciliation;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Reconciliation;

public sealed class DriftTests
{
    [Fact]
    public void A_loss_is_what_a_webhook_should_have_brought() => Assert.Equal(
        [DriftKind.CloseLost, DriftKind.ReopenLost, DriftKind.Gone, DriftKind.PageResolved, DriftKind.PageAcknowledged, DriftKind.NewLost],
        Enum.GetValues<DriftKind>().Where(Drift.IsLoss));

    [Fact]
    public void An_event_or_a_webhook_that_is_made_again_repairs_it()
    {
        var unclear = Drift.Unclear("incident", "500");

        Assert.False(unclear.IsRepairable);
        Assert.True((unclear with { Repair = Deliveries.New(0) }).IsRepairable);
        Assert.True((unclear with { Create = _ => Task.CompletedTask }).IsRepairable);
    }
}
