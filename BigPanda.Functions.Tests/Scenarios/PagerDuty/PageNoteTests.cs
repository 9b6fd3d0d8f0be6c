using System.Text.Json;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.PagerDuty;

namespace BigPanda.Functions.Tests.Scenarios.PagerDuty;

/// <summary>Comments of BigPanda and notes of PagerDuty: each arrives once on the other side and does not come back.</summary>
public sealed class PageNoteTests(PagerDutyFixture app) : IClassFixture<PagerDutyFixture>, IAsyncLifetime
{
    private readonly BridgeClient _bridge = app.Bridge;
    private readonly string _id = IncidentWebhook.NewId();
    private string _page = "";

    public async Task InitializeAsync()
    {
        await app.BigPanda.SendCommentsAsync();
        await _bridge.FireAsync(IncidentWebhook.New(_id));
        _page = (await app.PagerDuty.WaitForPageAsync(_id)).Id;
    }

    public Task DisposeAsync()
    {
        app.PagerDuty.Recover();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_note_becomes_one_comment_in_BigPanda()
    {
        await app.PagerDuty.ActAsync(_page, "annotate", new { by = "Grace", note = "looking into it" });

        await _bridge.WaitForAlertAsync(_id, alert => alert.HasEntry("incident#commented", "echo"));
        await RestAsync();
        Assert.Matches("Grace.*looking into it", Assert.Single(Comments()));
        Assert.Single(app.PagerDuty.Simulator.Account.Incidents.Single(page => page.Id == _page).Notes);
    }

    [Fact]
    public async Task A_comment_in_BigPanda_becomes_one_note()
    {
        await app.BigPanda.PlayAsync(_id, "comment");

        var page = await app.PagerDuty.WaitForNotesAsync(_page, 1);
        await _bridge.WaitForAlertAsync(_id, alert => alert.HasEntry("page-noted", "echo"));
        await RestAsync();
        Assert.Contains("Investigating.", page.Notes[0].Content, StringComparison.Ordinal);
        Assert.Equal("bridge@example.com", page.Notes[0].By.Email);
        Assert.Empty(Comments());
    }

    [Fact]
    public async Task A_comment_made_here_goes_to_both()
    {
        (await _bridge.CommentAsync(_id, "looking into it", "ada")).Expect(202);

        var page = await app.PagerDuty.WaitForNotesAsync(_page, 1);
        await _bridge.WaitForAlertAsync(_id, alert => alert.HasEntry("incident#commented", "echo") && alert.HasEntry("page-noted", "echo"));
        await RestAsync();
        Assert.Matches("ada.*looking into it", page.Notes[0].Content);
        Assert.Matches("ada.*looking into it", Assert.Single(Comments()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_resolution_note_is_said_as_such_whichever_comes_first(bool noteFirst)
    {
        await app.PagerDuty.ActAsync(_page, "resolve", new { by = "Grace", note = "disk replaced", noteFirst });

        await _bridge.WaitForAlertAsync(_id, alert => alert.IsSettled && alert.Entries("page-noted").Any());
        await RestAsync();
        Assert.Contains(Comments(), comment => comment.Contains("resolution note: disk replaced", StringComparison.Ordinal));
        Assert.Single(app.BigPanda.Resolves(_id));
    }

    [Fact]
    public async Task A_note_whose_answer_was_lost_is_written_once()
    {
        app.PagerDuty.Fail(new Fault(PagerDutyFaults.Notes, LoseAnswer: true));

        (await _bridge.CommentAsync(_id, "looking into it", "ada")).Expect(202);

        await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("page-note").Any(entry => entry.Reason == "the note is in PagerDuty"));
        await RestAsync();
        Assert.Single(app.PagerDuty.Simulator.Account.Incidents.Single(page => page.Id == _page).Notes);
    }

    [Fact]
    public async Task A_note_that_PagerDuty_cuts_arrives_whole()
    {
        await app.PagerDuty.SetAsync(new { trimNotesAt = 10 });
        try
        {
            await app.PagerDuty.ActAsync(_page, "annotate", new { by = "Grace", note = "looking into it since nine" });

            var alert = await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("page-noted").Any());
            Assert.Equal("looking into it since nine", Assert.Single(alert.Entries("page-noted")).Comment);
        }
        finally
        {
            await app.PagerDuty.SetAsync(new { trimNotesAt = 10_000 });
        }
    }

    private async Task RestAsync()
    {
        await app.PagerDuty.SettleAsync();
        await app.Queues.WaitUntilIdleAsync();
    }

    private IEnumerable<string> Comments() =>
        from call in app.BigPanda.Requests
        where call.Method == "POST" && call.Path.EndsWith($"/incidents/{_id}/comments", StringComparison.Ordinal) && call.Status == 204
        select JsonElement.Parse(call.Body ?? "{}").GetProperty("comment").GetString();
}
