using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Alerts.Rules;

public sealed class CallbackTests
{
    private static readonly IncidentReported First = Deliveries.New(0) with { WantsCallback = true };

    [Fact]
    public void The_first_delivery_of_a_source_with_an_app_key_causes_a_callback()
    {
        var callback = Assert.IsType<SendCallbackAction>(Deliveries.Apply(First).Action);

        Assert.Equal(("main", First.ReceivedAt), (callback.SourceId, callback.LockedSince));
    }

    [Fact]
    public void Later_deliveries_cause_no_callback() => Assert.Null(Deliveries.Apply(First, Deliveries.Updated(5) with { WantsCallback = true }).Action);

    [Fact]
    public void A_source_without_an_app_key_causes_no_callback() => Assert.Null(Deliveries.Apply(Deliveries.New(0)).Action);

    [Fact]
    public void Another_integration_of_the_same_incident_gets_a_separate_callback()
    {
        var callback = Assert.IsType<SendCallbackAction>(
            Deliveries.Apply(First, Deliveries.Updated(5) with { WantsCallback = true, SourceId = "other" }).Action);

        Assert.Equal("other", callback.SourceId);
    }

    [Fact]
    public void The_result_of_a_callback_is_in_the_timeline_and_changes_nothing_else()
    {
        var fired = Deliveries.Apply(First).Alert;
        var report = new ActionReported(
            fired.IncidentId, "callback-main", Destination.BigPanda, "callback", ActionResult.Accepted, 1,
            "BigPanda accepted the callback; the incident was locked for 1.3 seconds",
            Deliveries.At(9), "m");

        var decision = AlertLifecycle.Decide(fired, report, Deliveries.At(9));

        Assert.Equal(fired.BigPanda, decision.Alert.BigPanda);
        Assert.Equal(("callback", Verdict.Noted, report.Detail), (decision.Timeline[0].Kind, decision.Timeline[0].Verdict, decision.Timeline[0].Reason));
    }
}
