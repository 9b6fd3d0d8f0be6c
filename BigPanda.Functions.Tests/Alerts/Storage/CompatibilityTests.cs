using System.Text;
using System.Text.Json;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.Functions.Vendors.PagerDuty.Planning;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Storage;

/// <summary>
/// Rows and messages across two versions. The samples were written by the version before; what this one writes is read by the records of
/// <see cref="VersionBefore"/>.
/// </summary>
public sealed class CompatibilityTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly BigPandaAction[] Actions =
    [
        new CloseIncidentAction("incident", "2.1", "env-1", "Resolved by ada.") { AttemptsBefore = 3, OtherEnvironmentIds = ["env-2"] },
        new AddCommentAction("incident", "comment-1", null, "said"),
        new SendCallbackAction("incident", "callback-main", "main", Start),
    ];

    [Fact]
    public void Pending_actions_of_the_version_before_are_read()
    {
        var pending = PendingActions.Read(Encoding.UTF8.GetString(Samples.Stored("pending-actions")));

        Assert.Equal(Actions.Select(Describe), pending.Select(action => Describe(BigPandaAction.Read(action))));
        Assert.All(pending, action => Assert.Equal(Destination.BigPanda, action.Destination));
        Assert.Equal([Trace, null, null], pending.Select(action => action.TraceParent));
        Assert.Equal([3, 0, 0], pending.Select(action => action.AttemptsBefore));
    }

    [Fact]
    public void Pending_actions_of_a_destination_that_this_version_does_not_know_wait_for_the_newer_version() => Assert.Throws<RowTooNewException>(
        () => PendingActions.Read("""[{"kind":"trigger","IncidentId":"incident","ActionId":"1","Destination":"another"}]"""));

    [Theory]
    [InlineData("close", 0)]
    [InlineData("comment", 1)]
    [InlineData("callback", 2)]
    public void An_action_in_the_queue_is_read_either_way(string kind, int index)
    {
        var message = ActionMessages.Of(Actions[index].ToAction() with { TraceParent = Trace });
        var before = JsonSerializer.Deserialize<VersionBefore.AlertAction>(message.Body.ToString());
        message.Body = BinaryData.FromBytes(Samples.Message($"action-{kind}"));

        Assert.Equal(Describe(Actions[index]), Describe(BigPandaAction.Read(ActionMessages.Read(Bodies.Received(message)))));
        Assert.Equal(Describe(Actions[index]), Describe(before) with { Trace = null });
        Assert.Equal(Trace, before?.TraceParent);
    }

    /// <summary>A comment has up to 4,000 characters, and goes to two destinations.</summary>
    [Fact]
    public void The_longest_texts_of_another_script_fit_into_the_row()
    {
        var text = new string('\u9375', 4000);
        IReadOnlyList<AlertAction> actions =
        [
            new AddCommentAction("incident", "comment-1", null, text).ToAction(),
            new PageAction(PageActionKinds.Note, "incident", "note-1", "20261101100000-1", "0123456789ab") { Text = text }.ToAction(),
        ];
        var json = PendingActions.Write(actions);

        Assert.InRange(json.Length * 2, 1, EntityLimits.MaxPropertyBytes / 2);
        Assert.Equal(actions, PendingActions.Read(json));
    }

    [Fact]
    public void Pending_and_parked_actions_are_read_by_the_version_before()
    {
        IReadOnlyList<AlertAction> actions = [.. Actions.Select(action => action.ToAction())];
        var pending = JsonSerializer.Deserialize<IReadOnlyList<VersionBefore.AlertAction>>(PendingActions.Write(actions)) ?? [];
        var parked = actions.Select(action => JsonSerializer.Serialize(action, ActionJson.Default.AlertAction))
            .Select(json => JsonSerializer.Deserialize<VersionBefore.AlertAction>(json));

        Assert.Equal(Actions.Select(Describe), pending.Select(Describe));
        Assert.Equal(Actions.Select(Describe), parked.Select(Describe));
    }

    [Theory]
    [InlineData("close", "2.1")]
    [InlineData("comment", "comment-1")]
    [InlineData("callback", "callback-main")]
    public void A_report_of_the_version_before_gets_its_destination_and_kind_from_the_id(string kind, string id)
    {
        var report = new ActionReported("incident", id, Destination.BigPanda, kind, ActionResult.Retrying, 2, "500", At(5), "outcome-1")
        {
            NextAttemptAt = At(9),
        };

        Assert.Equal(report, AlertEventMessages.Read(Bodies.Received(AlertEventMessages.Of(report)), Samples.Message($"outcome-{kind}")));
    }

    [Theory]
    [InlineData(ActionResult.Accepted, 0, "accepted")]
    [InlineData(ActionResult.Closed, 1, "closed")]
    [InlineData(ActionResult.Retrying, 2, "retrying")]
    [InlineData(ActionResult.Parked, 3, "parked")]
    [InlineData(ActionResult.Released, 4, "released")]
    [InlineData(ActionResult.Failed, 5, "failed")]
    public void A_report_has_its_result_by_name_and_for_the_version_before_by_number(ActionResult result, int number, string name)
    {
        var report = new ActionReported("incident", "2", Destination.BigPanda, "close", result, 3, "why", At(5), "outcome-1") { NextAttemptAt = At(9) };
        var message = AlertEventMessages.Of(report);

        Assert.Equal(
            new VersionBefore.ActionReported("incident", "2", number, 3, "why", At(5), "outcome-1") { NextAttemptAt = At(9) },
            JsonSerializer.Deserialize<VersionBefore.ActionReported>(message.Body.ToString()));
        Assert.Contains($"\"Outcome\":\"{name}\"", message.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal(report, AlertEventMessages.Read(Bodies.Received(message), message.Body.ToMemory()));
        // The next version leaves the number out.
        var named = Encoding.UTF8.GetBytes(message.Body.ToString().Replace($"\"Result\":{number},", "", StringComparison.Ordinal));
        Assert.Equal(report, AlertEventMessages.Read(Bodies.Received(message), named));
    }

    [Fact]
    public void A_close_that_the_version_before_stored_is_under_way()
    {
        var alert = Read(Samples.Stored("alert-closing"));

        Assert.Equal(
            new DestinationSync
            {
                State = SyncState.Closing,
                ActionId = "1",
                Attempts = 2,
                ReportedAttempt = 2,
                ReportedAt = At(1000),
                LastError = "500 InternalServerError",
                NextAttemptAt = At(30),
                UpdatedAt = At(23),
            },
            alert.BigPanda);
        Assert.Equal(
            ("Resolved by ada through the alert bridge (api): fixed the disk", At(13), true, "critical"),
            (alert.Resolve?.Comment, alert.Resolve?.AskedAt, alert.Resolve?.WorseSince == alert.ContentStamp, alert.Resolve?.SeenGravity?.Severity));
        Assert.Equal(At(13).AddMinutes(15), alert.CloseOverdueAt);
    }

    [Fact]
    public void A_close_that_the_version_before_settled_is_no_longer_under_way()
    {
        var alert = Read(Samples.Stored("alert-settled"));

        Assert.Equal(new DestinationSync { Attempts = 2, LastActionId = "1", UpdatedAt = At(41) }, alert.BigPanda);
        Assert.Null(alert.Resolve);
    }

    [Theory]
    [InlineData("alert-closing")]
    [InlineData("alert-settled")]
    public void An_alert_is_stored_as_the_version_before_stores_it(string sample)
    {
        var written = JsonSerializer.SerializeToUtf8Bytes(Read(Samples.Stored(sample)), StoredAlertJson.Default.Alert);

        Assert.Equal(
            JsonSerializer.Deserialize<VersionBefore.Alert>(Samples.Stored(sample)), JsonSerializer.Deserialize<VersionBefore.Alert>(written));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Samples.Stored(sample)), JsonElement.Parse(written)), Encoding.UTF8.GetString(written));
    }

    [Fact]
    public void The_members_that_the_next_version_writes_are_read()
    {
        const string Row = """
            {"IncidentId":"new","BigPanda":{"State":2,"ActionId":"1","Attempts":3},"Resolve":{"Comment":"fixed","SeenGravity":{"Severity":"ok","Alerts":[]}}}
            """;

        var alert = Read(Encoding.UTF8.GetBytes(Row));

        Assert.Equal(new DestinationSync { State = SyncState.Parked, ActionId = "1", Attempts = 3 }, alert.BigPanda);
        Assert.Equal(("fixed", "ok"), (alert.Resolve?.Comment, alert.Resolve?.SeenGravity?.Severity));
    }

    private static Alert Read(byte[] json) => JsonSerializer.Deserialize(json, StoredAlertJson.Default.Alert) ?? throw new JsonException("null");

    private static Seen Describe(BigPandaAction action) => new(
        action.GetType().Name, action.IncidentId, action.ActionId, action.EnvironmentId, action.Comment ?? "",
        string.Join(',', action.OtherEnvironmentIds ?? []), (action as CloseIncidentAction)?.AttemptsBefore ?? 0,
        (action as SendCallbackAction)?.SourceId, (action as SendCallbackAction)?.LockedSince, null);

    private static Seen Describe(VersionBefore.AlertAction? action) => new(
        action?.GetType().Name, action?.IncidentId, action?.ActionId, action?.EnvironmentId, action?.Comment ?? "",
        string.Join(',', action?.OtherEnvironmentIds ?? []), (action as VersionBefore.CloseIncidentAction)?.AttemptsBefore ?? 0,
        (action as VersionBefore.SendCallbackAction)?.SourceId, (action as VersionBefore.SendCallbackAction)?.LockedSince, action?.TraceParent);

    private sealed record Seen(
        string? Type, string? IncidentId, string? ActionId, string? EnvironmentId, string Comment, string Others, int AttemptsBefore, string? SourceId,
        DateTimeOffset? LockedSince, string? Trace);
}
