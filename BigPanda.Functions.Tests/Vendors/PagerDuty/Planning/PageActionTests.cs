using System.Text.Json;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Messaging;
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

    [Fact]
    public void An_action_is_read_as_it_was_planned()
    {
        var note = PageAction.Of(PageActionKinds.Note, "incident-1", "note-1", Page with { Key = new PageKey("0123456789ab") }) with { Text = "looking" };
        var json = JsonSerializer.SerializeToUtf8Bytes(note.ToAction(), ActionJson.Default.AlertAction);

        Assert.Equal(note, PageAction.Read(JsonSerializer.Deserialize(json, ActionJson.Default.AlertAction) ?? throw new JsonException("null")));
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
