using System.Text.Json;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using BigPanda.LocalHost.Simulator;
using BigPanda.LocalHost.Simulator.BigPanda;

namespace BigPanda.Functions.Tests.Scenarios;

public sealed class CommentingTests(ImpatientFixture app) : IClassFixture<ImpatientFixture>, IAsyncLifetime
{
    private const string Comment = """{"comment":"looking into it","actor":"ada"}""";
    private readonly BridgeClient _bridge = app.Bridge;
    private readonly string _id = IncidentWebhook.NewId();

    private string Path => $"{BridgeClient.AlertPath(_id)}/comments";

    public async Task InitializeAsync()
    {
        await app.BigPanda.SendCommentsAsync();
        await _bridge.FireAsync(IncidentWebhook.New(_id));
    }

    public Task DisposeAsync()
    {
        app.BigPanda.Recover();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_comment_is_in_the_timeline_and_in_BigPanda_once_however_often_it_is_sent()
    {
        (await _bridge.PostAsync(Path, Comment)).Expect(202);
        (await _bridge.PostAsync(Path, Comment)).Expect(202);
        var alert = await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("comment").Count() == 2);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Equal(("ada", "looking into it"), (alert.Entries("comment").First().Actor, alert.Entries("comment").First().Comment));
        Assert.Equal("the comment is in BigPanda", alert.Entries("comment").Last().Reason);
        Assert.Single(Comments(), call => call.Status == 204);
        Assert.True(alert.Fires);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_words_sent_again_are_one_comment_whatever_arrives_meanwhile(bool isNews)
    {
        (await _bridge.PostAsync(Path, Comment)).Expect(202);
        await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("incident#commented").Any());
        if (isNews)
        {
            await _bridge.PostWebhooksAsync(IncidentWebhook.Updated(_id, 7200));
            await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("incident#updated").Any());
        }

        (await _bridge.PostAsync(Path, Comment)).Expect(202);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Single(Comments());
    }

    [Fact]
    public async Task The_same_words_after_a_failure_are_another_comment()
    {
        app.BigPanda.Fail(new Fault(FaultMatch.Comments, Status: 400));
        (await _bridge.PostAsync(Path, Comment)).Expect(202);
        await _bridge.WaitForAlertAsync(
            _id, alert => alert.Entries("comment").Any(entry => entry.Reason.StartsWith("BigPanda rejected", StringComparison.Ordinal)));

        (await _bridge.PostAsync(Path, Comment)).Expect(202);
        await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("comment").Any(entry => entry.Reason == "the comment is in BigPanda"));

        Assert.Equal([400, 204], Comments().Select(call => call.Status));
    }

    [Fact]
    public async Task A_comment_whose_answer_was_lost_is_not_made_twice()
    {
        app.BigPanda.Fail(new Fault(FaultMatch.Comments, LoseAnswer: true));
        (await _bridge.PostAsync(Path, Comment)).Expect(202);

        await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("comment").Any(entry => entry.Reason == "the comment is in BigPanda"));

        Assert.Single(Comments());
    }

    [Theory]
    [InlineData(500, null)]
    [InlineData(404, null)]
    [InlineData(200, "{}")]
    public async Task While_it_cannot_be_known_whether_a_comment_is_there_it_waits(int status, string? body)
    {
        app.BigPanda.Fail(new Fault(FaultMatch.Comments, LoseAnswer: true));
        app.BigPanda.Fail(new Fault(FaultMatch.Activities, Status: status, Body: body, RetryAfter: "120"));
        (await _bridge.PostAsync(Path, Comment)).Expect(202);

        await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("comment").Any(entry => entry.Reason.Contains("activities", StringComparison.Ordinal)));
        await app.SkipWaitAsync(_id);
        var alert = await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("comment").Any(entry => entry.Reason == "the comment is in BigPanda"));

        Assert.Contains(alert.Entries("comment"), entry => entry.Reason.Contains("activities", StringComparison.Ordinal));
        Assert.Single(Comments());
    }

    [Fact]
    public async Task A_page_in_place_of_BigPandas_answer_does_not_pass_for_it()
    {
        app.BigPanda.Fail(new Fault(FaultMatch.Comments, Status: 200, Html: true, RetryAfter: "120"));
        (await _bridge.PostAsync(Path, Comment)).Expect(202);

        await app.SkipWaitAsync(_id);
        var alert = await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("comment").Any(entry => entry.Reason == "the comment is in BigPanda"));

        Assert.Equal([200, 204], Comments().Select(call => call.Status));
        Assert.Contains(alert.Entries("comment"), entry => entry.Reason.Contains("web page", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Where_one_environment_refuses_the_next_one_is_tried(int status)
    {
        app.BigPanda.Fail(new Fault(FaultMatch.Comments, Status: status));
        var action = new AddCommentAction(_id, $"comment-in-two-{status}", "env-a", "hello") { OtherEnvironmentIds = ["..", "env-b"] };

        await app.Queues.SendAsync(Queues.BigPandaActions, ActionMessages.Of(action.ToAction()));
        await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("comment").Any(entry => entry.Reason == "the comment is in BigPanda"));

        Assert.Equal(
            [($"/resources/v2.0/environments/env-a/incidents/{_id}/comments", status), ($"/resources/v2.0/environments/env-b/incidents/{_id}/comments", 204)],
            Comments().Select(call => (call.Path, call.Status)));
    }

    [Fact]
    public async Task Our_own_comment_comes_back_as_an_echo()
    {
        (await _bridge.PostAsync(Path, Comment)).Expect(202);

        var alert = await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("incident#commented").Any());

        Assert.Equal("echo", Assert.Single(alert.Entries("incident#commented")).Verdict);
        Assert.Matches("ada.*looking into it", JsonElement.Parse(Assert.Single(Comments()).Body ?? "{}").GetProperty("comment").GetString());
    }

    [Fact]
    public async Task A_refused_key_parks_the_comment_and_a_good_one_releases_it()
    {
        app.BigPanda.RefuseKey(401);
        (await _bridge.PostAsync(Path, Comment)).Expect(202);
        await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("comment").Any(entry => entry.Reason.Contains("401", StringComparison.Ordinal)));
        await app.Queues.WaitUntilIdleAsync();

        app.BigPanda.Recover();
        await app.Host.InvokeTimerAsync("ReleaseParkedActions");
        await _bridge.WaitForAlertAsync(_id, alert => alert.Entries("comment").Any(entry => entry.Reason == "the comment is in BigPanda"));

        Assert.Equal([401, 204], Comments().Select(call => call.Status));
    }

    [Fact]
    public async Task A_comment_needs_words_and_an_alert()
    {
        Assert.Equal("comment must not be empty.", (await _bridge.PostAsync(Path, """{"actor":"ada"}""")).ExpectProblem(400).GetProperty("detail").GetString());
        (await _bridge.PostAsync("/api/alerts/unheard-of/comments", Comment)).ExpectProblem(404);
    }

    private IEnumerable<RecordedRequest> Comments() =>
        app.BigPanda.Requests.Where(call => call.Method == "POST" && call.Path.EndsWith($"/incidents/{_id}/comments", StringComparison.Ordinal));
}
