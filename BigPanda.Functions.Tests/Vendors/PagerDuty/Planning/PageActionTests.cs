using System.Text;
using System.Text.Json;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Tests.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

public sealed class PageActionTests
{
    private static readonly Page Page = new() { Id = "20261126203445-1", Key = new PageKey("0123456789ab", "a key of a tag") };

    [Fact]
    public void An_action_carries_its_page_and_no_content()
    {
        var action = PageAction.Of(PageActionKinds.Trigger, "incident-1", "page-20261126203445-1", Page).ToAction();

        Assert.Equal(
            """{"kind":"page","IncidentId":"incident-1","ActionId":"page-20261126203445-1","Destination":"pagerduty","""
            + """ "pageId":"20261126203445-1","keyId":"0123456789ab","keyValue":"a key of a tag"}""".TrimStart(),
            JsonSerializer.Serialize(action, ActionJson.Default.AlertAction));
    }

    /// <summary>Another version is deployed while they wait in the queue.</summary>
    [Theory]
    [InlineData("action-page")]
    [InlineData("action-page-note")]
    public void An_action_in_the_queue_keeps_its_form(string sample)
    {
        var page = new Page { Id = "20261101100000-1", Key = new PageKey("0123456789ab", sample == "action-page" ? "a key of a tag" : null) };
        var action = sample == "action-page"
            ? PageAction.Of(PageActionKinds.Trigger, "incident", page.FirstActionId, page).ToAction() with
            {
                TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            }
            : (PageAction.Of(PageActionKinds.Note, "incident", "note-1", page) with { Text = "ada through the alert bridge (api): looking" }).ToAction();

        Assert.Equal(Encoding.UTF8.GetString(Samples.Message(sample)), JsonSerializer.Serialize(action, ActionJson.Default.AlertAction));
        Assert.Equal(action, JsonSerializer.Deserialize(Samples.Message(sample), ActionJson.Default.AlertAction));
    }

    [Fact]
    public void An_outcome_in_the_queue_keeps_its_form()
    {
        var report = new ActionReported(
            "incident", "page-20261101100000-1", Destination.PagerDuty, PageActionKinds.Trigger, ActionResult.Closed, 2,
            "PagerDuty shows the page as incident P1", new DateTimeOffset(2026, 11, 1, 10, 0, 5, TimeSpan.Zero), "outcome-1")
        {
            External = new PagerIncident("P1", "https://acme.pagerduty.com/incidents/P1"),
        };
        var message = AlertEventMessages.Of(report);

        Assert.Equal(Encoding.UTF8.GetString(Samples.Message("outcome-page")), message.Body.ToString());
        Assert.Equal(report, AlertEventMessages.Read(Bodies.Received(message), Samples.Message("outcome-page")));
    }

    [Fact]
    public void An_action_is_read_as_it_was_planned()
    {
        var note = PageAction.Of(PageActionKinds.Note, "incident-1", "note-1", Page with { Key = new PageKey("0123456789ab") }) with { Text = "looking" };
        var json = JsonSerializer.SerializeToUtf8Bytes(note.ToAction(), ActionJson.Default.AlertAction);

        Assert.Equal(note, PageAction.Read(JsonSerializer.Deserialize(json, ActionJson.Default.AlertAction) ?? throw new JsonException("null")));
    }

    [Theory]
    [InlineData(PageActionKinds.Trigger, "k0", "open page {0} in PagerDuty through the default key, as critical: “web1, web2: CPU”")]
    [InlineData(PageActionKinds.Trigger, "k2", "open page {0} in PagerDuty through the key storage, as critical: “web1, web2: CPU”")]
    [InlineData(PageActionKinds.Trigger, "k3", "open page {0} in PagerDuty through the key k3, which a tag holds, as critical: “web1, web2: CPU”")]
    [InlineData(PageActionKinds.Update, "k0", "update page {0} in PagerDuty, as critical: “web1, web2: CPU”")]
    [InlineData(PageActionKinds.Acknowledge, "k0", "acknowledge page {0} in PagerDuty")]
    [InlineData(PageActionKinds.Resolve, "k0", "resolve page {0} in PagerDuty")]
    [InlineData(PageActionKinds.Note, "k0", "add the note “looking” to page {0} in PagerDuty")]
    [InlineData("page-new", "k0", "page-new page {0} in PagerDuty")]
    public void An_action_is_described(string kind, string key, string description)
    {
        var page = PagedAlerts.Page with { Severity = "critical", Key = new PageKey(key) };
        var policy = new PagingPolicy { DefaultKeyId = "k0", Keys = new Dictionary<string, string> { ["network"] = "k1", ["storage"] = "k2" } };
        var action = PageAction.Of(kind, PagedAlerts.IncidentId, "action-1", page) with { Text = "looking" };

        Assert.Equal(
            description.Replace("{0}", page.Id, StringComparison.Ordinal),
            new PagerDutyPlanner(policy, PagedAlert.Headers).Describe(action.ToAction(), PagedAlerts.Of(page: page)));
    }

    [Theory]
    [InlineData(PageActionKinds.Resolve, "keyId")]
    [InlineData(PageActionKinds.Note, "text")]
    public void An_action_that_lacks_a_member_is_unreadable(string kind, string missing)
    {
        var action = PageAction.Of(kind, "incident-1", "action-1", Page) with { Text = "looking" };
        var planned = action.ToAction();
        planned.Fields.Remove(missing);

        Assert.Contains(missing, Assert.Throws<MessageUnreadableException>(() => PageAction.Read(planned)).Message, StringComparison.Ordinal);
    }
}
