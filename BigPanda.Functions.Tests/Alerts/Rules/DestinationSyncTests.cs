using BigPanda.Functions.Alerts.Rules;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

public sealed class DestinationSyncTests
{
    private static readonly DestinationSync Closing = new()
    {
        State = SyncState.Closing,
        ActionId = "2",
        LastActionId = "1",
        IsAccepted = true,
        Attempts = 3,
        ReportedAttempt = 3,
        ReportedAt = At(100),
        LastError = "500",
        NextAttemptAt = At(200),
        UpdatedAt = At(100),
    };

    [Fact]
    public void A_settled_close_keeps_its_attempts_and_its_id()
    {
        Assert.Equal(new DestinationSync { Attempts = 3, LastActionId = "2", UpdatedAt = At(300) }, Closing.Settle(At(300)));
        Assert.Equal("1", (Closing with { ActionId = null }).Settle(At(300)).LastActionId);
    }

    [Fact]
    public void A_repeated_close_has_a_new_id_and_no_reports() => Assert.Equal(
        Closing with { ActionId = "2.1", IsAccepted = false, ReportedAttempt = 0, ReportedAt = null, UpdatedAt = At(300) },
        (Closing with { State = SyncState.Failed }).Repeat("2.1", At(300)));

    [Theory]
    [InlineData(SyncState.InSync, false)]
    [InlineData(SyncState.Closing, true)]
    [InlineData(SyncState.Parked, true)]
    [InlineData(SyncState.Failed, false)]
    public void A_close_is_open_while_it_may_still_be_sent(SyncState state, bool isOpen) => Assert.Equal(isOpen, (Closing with { State = state }).IsOpen);

    [Theory]
    [InlineData(2, 150, true)]
    [InlineData(3, 99, true)]
    [InlineData(3, 100, true)]
    [InlineData(3, 101, false)]
    [InlineData(4, 50, false)]
    public void A_report_is_overtaken_by_a_later_attempt_or_a_later_report_of_the_same_attempt(int attempt, long at, bool isOvertaken) => Assert.Equal(
        isOvertaken,
        Closing.IsNewerThan(new ActionReported(
            IncidentId, "2", Destination.BigPanda, ActionKinds.Close, ActionResult.Retrying, attempt, "", At(at), "report")));

    [Theory]
    [InlineData(SyncState.Closing, "the incident is being closed")]
    [InlineData(SyncState.Parked, "the close is parked until the key or setting is fixed, or the brake released")]
    [InlineData(SyncState.Failed, "the close failed: try it again, or resolve the alert again")]
    public void The_outlook_says_what_happens_to_the_close(SyncState state, string outlook) => Assert.Equal(outlook, (Closing with { State = state }).Outlook);
}
