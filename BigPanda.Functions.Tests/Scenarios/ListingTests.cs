using System.Text;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace BigPanda.Functions.Tests.Scenarios;

[Collection(BridgeCollection.Name)]
public sealed class ListingTests(AppFixture app)
{
    // Other classes' alerts are in the same bridge; this marks the alerts of this class.
    private readonly string _place = $"place-{Guid.NewGuid():N}";
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task Pages_hold_every_alert_fired_last_first()
    {
        var ids = await FireAsync(5);
        await _bridge.PostWebhooksAsync(IncidentWebhook.Closed(ids[3], 50) with { EnvironmentName = _place });
        await _bridge.WaitForAlertAsync(ids[3], alert => !alert.Fires);
        await _bridge.PostWebhooksAsync(IncidentWebhook.Updated(ids[1], 60) with { EnvironmentName = _place });
        await _bridge.WaitForAlertAsync(ids[1], alert => alert.Timeline.Count == 2);
        // The list is written beside the alert.
        await app.Queues.WaitUntilIdleAsync();

        List<SeenAlert> seen = [];
        SeenPage page;
        for (var query = $"environment={_place}&limit=2"; ; query = $"environment={_place}&limit=2&continuation={page.Continuation}")
        {
            page = await _bridge.ListAsync(query);
            Assert.True(page.Items.Count <= 2);
            seen.AddRange(page.Items);
            if (page.Continuation is null) break;
        }

        // The last page is followed by alerts that moved since paging began, or just before.
        Assert.Equal([ids[4], ids[3], ids[2], ids[1], ids[0]], seen.Take(5).Select(alert => alert.IncidentId));
        Assert.Subset(ids.ToHashSet(), seen.Skip(5).Select(alert => alert.IncidentId).ToHashSet());
        Assert.All(seen, alert => Assert.Empty(alert.Timeline));
    }

    [Fact]
    public async Task Filters_pick_by_status_severity_environment_and_text()
    {
        var ids = await FireAsync(3);
        await _bridge.PostWebhooksAsync(
            IncidentWebhook.Closed(ids[0], 50) with { EnvironmentName = _place },
            IncidentWebhook.Updated(ids[1], 50) with { EnvironmentName = _place, Severity = "Warning", Description = "The Flux capacitor's full" });
        await _bridge.WaitForAlertAsync(ids[0], alert => !alert.Fires);
        await _bridge.WaitForAlertAsync(ids[1], alert => alert.Severity == "warning");
        await app.Queues.WaitUntilIdleAsync();

        Assert.Equal([ids[2], ids[1]], await IdsAsync("status=firing"));
        Assert.Equal([ids[0]], await IdsAsync("status=Resolved"));
        Assert.Equal([ids[1]], await IdsAsync("severity=WARNING"));
        Assert.Equal([ids[1]], await IdsAsync("search=flux%20CAPACITOR'S"));
        Assert.Equal([ids[2]], await IdsAsync($"search={ids[2]}"));
        Assert.Equal([], await IdsAsync("status=resolved&severity=warning"));
        Assert.Equal([], (await _bridge.ListAsync($"environment={_place}x")).Items);
        Assert.Contains(await _bridge.ListAsync($"environment=env-1&search={ids[1]}") is { Items: var byId } ? byId : [], alert => alert.IncidentId == ids[1]);
    }

    [Theory]
    [InlineData("status=open")]
    [InlineData("status=1")]
    [InlineData("status=firing,resolved")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=ten")]
    [InlineData("limit=99999999999999999999")]
    [InlineData("continuation=nonsense")]
    [InlineData("continuation=%25%00%22")]
    public async Task A_value_that_cannot_be_is_answered_400_saying_what_can(string query)
    {
        var problem = (await _bridge.GetAsync($"/api/alerts?{query}")).ExpectProblem(400);

        var name = query[..query.IndexOf('=', StringComparison.Ordinal)];
        Assert.Equal(name == "continuation" ? "invalid-continuation" : "invalid-parameter", problem.GetProperty("code").GetString());
        Assert.Contains(name, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("638000000000000000||0000000000000000000|' or PartitionKey ne '")]
    [InlineData("638000000000000000||0000000000000000000|\0\u0001")]
    [InlineData("638000000000000000||0000000000000000000|\uFFFF/?#\\")]
    [InlineData("638000000000000000|638000000000000000|9999999999999999999|x")]
    [InlineData("0|0|")]
    [InlineData("9999999999999999999||0000000000000000000|x")]
    [InlineData("3155378975999999999|638000000000000000|9999999999999999999|x")]
    [InlineData("638000000000000000|3155378975999999999|9999999999999999999|x")]
    public async Task An_invented_continuation_reads_at_most_one_page(string key)
    {
        var continuation = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(key));

        foreach (var status in new[] { "", "status=firing&", "status=resolved&" })
        {
            var answer = await _bridge.GetAsync($"/api/alerts?{status}environment={_place}&continuation={continuation}");
            Assert.True(answer.Status is 200 or 400, $"{status}{answer}");
        }
    }

    [Theory]
    [InlineData("a/b\\c#d?e%f+g h\"i'j")]
    [InlineData("Größe-αβγ-アラート-🚨")]
    [InlineData("100%25 & 50%;x=y")]
    [InlineData("<script>alert(1)</script>")]
    public async Task An_id_of_any_characters_is_listed_found_and_closed(string text)
    {
        var id = $"{text}-{Guid.NewGuid():N}";
        var alert = await _bridge.FireAsync(IncidentWebhook.New(id) with { EnvironmentName = _place });
        Assert.Equal(id, alert.IncidentId);
        await Eventually.Async(() => IdsAsync("status=firing"), ids => ids.SequenceEqual([id]), $"list with {id}");

        (await _bridge.ResolveAsync(id, "fixed", "ada")).Expect(202);
        await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled);
        Assert.Single(app.BigPanda.Resolves(id));
    }

    [Theory]
    [InlineData("50%2F50")]
    [InlineData("a/b%2Fc")]
    [InlineData("a%2fb/c%2Fd")]
    public async Task An_id_that_holds_an_escape_itself_is_found(string text)
    {
        var id = $"{text}-{Guid.NewGuid():N}";
        await _bridge.PostWebhooksAsync(IncidentWebhook.New(id));

        Assert.Equal(id, (await _bridge.WaitForAlertAsync(id, alert => alert.Fires)).IncidentId);
    }

    private async Task<IReadOnlyList<string>> IdsAsync(string query) =>
        [.. (await _bridge.ListAsync($"environment={_place}&{query}")).Items.Select(alert => alert.IncidentId)];

    /// <summary>Each fires a second after the one before.</summary>
    private async Task<string[]> FireAsync(int count)
    {
        var ids = Enumerable.Range(0, count).Select(i => IncidentWebhook.NewId($"listed-{i}")).ToArray();
        foreach (var (i, id) in ids.Index())
        {
            await _bridge.FireAsync(IncidentWebhook.New(id, i) with { EnvironmentName = _place });
        }

        return ids;
    }
}
