using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Simulator;

namespace BigPanda.Functions.Tests.Scenarios;

public sealed class ResolvingTests(AppFixture app) : IClassFixture<AppFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    // Longer than any test: the close is accepted and not carried out.
    private static readonly TimeSpan NotInThisTest = TimeSpan.FromMinutes(5);

    private readonly BridgeClient _bridge = app.Bridge;

    public Task InitializeAsync() => app.BigPanda.CloseAfterAsync(Soon);

    public Task DisposeAsync()
    {
        app.BigPanda.Recover();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Resolving_here_closes_the_incident_in_BigPanda_and_its_closing_webhook_is_an_echo()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));

        var accepted = (await _bridge.ResolveAsync(id, "disk replaced", "ada@example.com")).Expect(202);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        Assert.Equal(id, accepted.Json.GetProperty("incidentId").GetString());
        var resolve = Assert.Single(app.BigPanda.Resolves(id));
        Assert.Equal($"/resources/v2.0/environments/env-1/incidents/{id}/resolve", resolve.Path);
        Assert.Equal(202, resolve.Status);
        Assert.Contains("ada@example.com", SimulatedBigPanda.Comment(resolve), StringComparison.Ordinal);
        Assert.Contains("disk replaced", SimulatedBigPanda.Comment(resolve), StringComparison.Ordinal);
        Assert.Equal((1, new SeenResolver("api", "ada@example.com")), (alert.Episode, alert.ResolvedBy));
        Assert.True(alert.HasEntry("resolve", "applied"));
        Assert.True(alert.HasEntry("incident#closed", "echo"));
    }

    [Fact]
    public async Task An_alert_is_resolved_at_once_and_closing_until_BigPanda_shows_the_incident_as_closed()
    {
        await app.BigPanda.CloseAfterAsync(NotInThisTest);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.ResolveAsync(id)).Expect(202);
        await app.BigPanda.WaitForResolvesAsync(id, 1);
        await app.Queues.WaitUntilIdleAsync();

        var alert = await _bridge.GetAlertAsync(id);
        Assert.Equal(("resolved", "closing", 1), (alert.Status, alert.BigPanda.State, alert.BigPanda.Attempts));
        Assert.NotEmpty(SimulatedBigPanda.Comment(app.BigPanda.Resolves(id)[0]));

        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(id, 60));
        await _bridge.WaitForAlertAsync(id, closed => closed.IsSettled);
    }

    [Fact]
    public async Task Resolving_an_unknown_incident_is_answered_404() =>
        (await _bridge.ResolveAsync(IncidentWebhook.NewId())).ExpectProblem(404);

    [Fact]
    public async Task Resolving_what_BigPanda_has_closed_is_answered_409_with_the_alerts_state()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id), IncidentWebhook.Closed(id, 10));
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        var problem = (await _bridge.ResolveAsync(id, "again", "ada")).ExpectProblem(409);

        Assert.Equal("resolved", problem.GetProperty("alertStatus").GetString());
        Assert.Equal(1, problem.GetProperty("episode").GetInt32());
        Assert.Equal("Engineer", problem.GetProperty("resolvedBy").GetString());
        await app.Queues.WaitUntilIdleAsync();
        Assert.Empty(app.BigPanda.Resolves(id));
    }

    [Fact]
    public async Task A_resolve_of_an_episode_that_is_over_is_answered_409_and_closes_nothing()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id), IncidentWebhook.Closed(id, 10), IncidentWebhook.Reopened(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => alert.Episode == 2);

        var problem = (await ResolveEpisodeAsync(id, 1)).ExpectProblem(409);
        await app.Queues.WaitUntilIdleAsync();
        Assert.Equal(("fired-again", 2), (problem.GetProperty("code").GetString(), problem.GetProperty("episode").GetInt32()));
        Assert.Empty(app.BigPanda.Resolves(id));

        (await ResolveEpisodeAsync(id, 2)).Expect(202);
        await app.BigPanda.WaitForResolvesAsync(id, 1);
        // The response may be lost: the same request again is the same one.
        Assert.Contains((await ResolveEpisodeAsync(id, 2)).Status, (int[])[202, 409]);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        Assert.Equal("already-resolved", (await ResolveEpisodeAsync(id, 1)).ExpectProblem(409).GetProperty("code").GetString());
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Theory]
    [InlineData("resolve", 0, "episode must be at least 1.")]
    [InlineData("comments", 1, "episode is a member of a resolve, not of a comment.")]
    public async Task An_episode_that_cannot_be_meant_is_answered_400(string request, int episode, string detail)
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));

        var problem = (await _bridge.PostAsync($"{BridgeClient.AlertPath(id)}/{request}", $$"""{"comment":"x","episode":{{episode}}}""")).ExpectProblem(400);
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Resolved_by_many_at_once_the_incident_is_closed_once()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _bridge.ResolveAsync(id, $"comment {i}", $"person-{i}")));
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        await app.Queues.WaitUntilIdleAsync();

        Assert.All(answers, answer => Assert.True(answer.Status is 202 or 409, $"{answer}"));
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Fact]
    public async Task Resolving_while_the_incident_is_being_closed_is_answered_202_and_does_nothing()
    {
        await app.BigPanda.CloseAfterAsync(NotInThisTest);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.ResolveAsync(id, null, "ada")).Expect(202);
        await app.BigPanda.WaitForResolvesAsync(id, 1);

        (await _bridge.ResolveAsync(id, null, "bob")).Expect(202);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Single(app.BigPanda.Resolves(id));
        Assert.Equal("ada", (await _bridge.GetAlertAsync(id)).ResolvedBy?.Actor);
    }

    [Fact]
    public async Task A_stale_update_does_not_fire_a_resolved_alert_again_and_a_newer_reopen_does()
    {
        await app.BigPanda.CloseAfterAsync(NotInThisTest);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id, second: 10));
        (await _bridge.ResolveAsync(id)).Expect(202);
        await app.BigPanda.WaitForResolvesAsync(id, 1);

        // BigPanda shows the incident as active until the close has reached it: older and newer updates both do.
        await _bridge.PostWebhooksAsync(IncidentWebhook.Updated(id, 5), IncidentWebhook.Updated(id, 20));
        var resolved = await _bridge.WaitForAlertAsync(id, alert => alert.Entries("incident#updated").Count() == 2);
        Assert.Equal(("resolved", 1, "closing"), (resolved.Status, resolved.Episode, resolved.BigPanda.State));

        var reopened = await _bridge.FireAsync(IncidentWebhook.Reopened(id, 30));
        Assert.Equal((2, "inSync", (SeenResolver?)null), (reopened.Episode, reopened.BigPanda.State, reopened.ResolvedBy));
    }

    [Fact]
    public async Task Each_episode_can_be_resolved_here()
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.ResolveAsync(id, "first", "ada")).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);

        await app.BigPanda.PlayAsync(id, "reopen");
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });
        (await _bridge.ResolveAsync(id, "second", "bob")).Expect(202);
        var alert = await _bridge.WaitForAlertAsync(id, alert => alert is { IsSettled: true, Episode: 2 });

        Assert.Equal("bob", alert.ResolvedBy?.Actor);
        Assert.Equal(2, app.BigPanda.Resolves(id).Count);
    }

    /// <summary>The broker drops a message id that it has seen within ten minutes.</summary>
    [Fact]
    public async Task The_same_words_after_a_reopen_are_another_request()
    {
        await app.BigPanda.CloseAfterAsync(NotInThisTest);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        var first = (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await app.BigPanda.WaitForResolvesAsync(id, 1);
        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => alert is { Fires: true, Episode: 2 });

        var second = (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);

        Assert.NotEqual(MessageId(first), MessageId(second));
        await app.BigPanda.WaitForResolvesAsync(id, 2);
        Assert.Equal(["applied", "applied"], (await _bridge.WaitForAlertAsync(id, alert => !alert.Fires)).Entries("resolve").Select(entry => entry.Verdict));
    }

    [Fact]
    public async Task The_same_words_are_one_request_until_BigPanda_has_sent_something_newer()
    {
        await app.BigPanda.CloseAfterAsync(NotInThisTest);
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        var first = (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await app.BigPanda.WaitForResolvesAsync(id, 1);
        var again = (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await _bridge.PostWebhooksAsync(IncidentWebhook.Updated(id, 20));
        await _bridge.WaitForAlertAsync(id, alert => alert.Entries("incident#updated").Any());

        var later = (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await app.Queues.WaitUntilIdleAsync();

        Assert.Equal(MessageId(first), MessageId(again));
        Assert.NotEqual(MessageId(first), MessageId(later));
        Assert.Equal(["applied", "duplicate"], (await _bridge.GetAlertAsync(id)).Entries("resolve").Select(entry => entry.Verdict));
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Fact]
    public async Task A_closing_webhook_that_comes_three_times_settles_the_alert_once()
    {
        app.BigPanda.Fail(new Fault(Fault.Webhook, Duplicate: 3));
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));
        (await _bridge.ResolveAsync(id)).Expect(202);
        await app.BigPanda.WaitForWebhooksAsync(id, webhooks: 3);
        await app.Queues.WaitUntilIdleAsync();

        var alert = await _bridge.GetAlertAsync(id);

        Assert.True(alert.IsSettled);
        Assert.Equal("echo", Assert.Single(alert.Entries("incident#closed")).Verdict);
    }

    [Fact]
    public async Task An_update_that_comes_after_the_closing_webhook_it_preceded_changes_nothing()
    {
        var id = IncidentWebhook.NewId();
        await app.BigPanda.PlayAsync(id, "new");
        await _bridge.WaitForAlertAsync(id, alert => alert.Fires);
        app.BigPanda.Fail(new Fault(Fault.Webhook, Reorder: true, Times: 2));
        await app.BigPanda.PlayAsync(id, "update");
        (await _bridge.ResolveAsync(id)).Expect(202);
        await app.BigPanda.WaitForWebhooksAsync(id, webhooks: 3);

        var alert = await _bridge.WaitForAlertAsync(id, alert => alert.Entries("incident#updated").Any());

        Assert.True(alert.IsSettled);
        Assert.Equal(1, alert.Episode);
        Assert.True(alert.HasEntry("incident#closed", "echo"));
        Assert.True(alert.HasEntry("incident#updated", "stale"));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("{\"comment\":7}")]
    [InlineData("{\"comment\":\"\\ud800\"}")]
    [InlineData("{")]
    public async Task An_invalid_resolve_request_is_answered_400(string body)
    {
        var id = IncidentWebhook.NewId();
        await _bridge.FireAsync(IncidentWebhook.New(id));

        (await _bridge.PostAsync($"{BridgeClient.AlertPath(id)}/resolve", body)).ExpectProblem(400);

        Assert.True((await _bridge.GetAlertAsync(id)).Fires);
    }

    private static string? MessageId(TextResponse accepted) => accepted.Json.GetProperty("messageId").GetString();

    private Task<TextResponse> ResolveEpisodeAsync(string id, int episode) =>
        _bridge.PostAsync($"{BridgeClient.AlertPath(id)}/resolve", $$"""{"comment":"fixed","actor":"ada","episode":{{episode}}}""");
}
