using System.Runtime.CompilerServices;
using System.Text.Json;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Brake;

/// <summary>A person, or a script, resolves more alerts than the brake allows.</summary>
public sealed class BrakeOverHttpTests(BrakeOverHttpTests.Fixture app) : IClassFixture<BrakeOverHttpTests.Fixture>
{
    private readonly BridgeClient _bridge = app.Bridge;

    [Fact]
    public async Task What_is_held_is_shown_with_its_cause_and_sent_when_it_is_released_if_it_is_still_wanted()
    {
        var held = await HoldAsync();
        var reopened = held[0];
        await _bridge.PostWebhooksAsync(IncidentWebhook.Reopened(reopened, 20));
        await _bridge.WaitForAlertAsync(reopened, alert => alert is { Fires: true, Episode: 2 });
        await _bridge.CommentAsync(held[1], "is it over?", "bob");
        await app.Queues.WaitUntilIdleAsync();

        var shown = await BrakeAsync();
        var ready = (await _bridge.GetAsync("/api/health/ready")).Json;
        var notices = ready.GetProperty("notices").EnumerateArray().Select(notice => notice.GetString()).ToList();
        var alert = await _bridge.GetAlertAsync(held[1]);
        var released = (await ReleaseAsync(drop: false)).Expect(202).Json;
        await ReleaseRestAsync();
        await app.Queues.WaitUntilIdleAsync();

        Assert.InRange(Held(released), 0, held.Count - 1);
        Assert.Equal((true, 3, held.Count), (shown.GetProperty("engaged").GetBoolean(), shown.GetProperty("limit").GetInt32(), Held(shown)));
        Assert.Equal(
            ("api", "ada", held.Count),
            (shown.GetProperty("causes")[0].GetProperty("via").GetString(), shown.GetProperty("causes")[0].GetProperty("actor").GetString(),
                shown.GetProperty("causes")[0].GetProperty("count").GetInt32()));
        Assert.Equal(held.Order(), shown.GetProperty("examples").EnumerateArray().Select(id => id.GetString() ?? "").Order());
        Assert.Contains(notices, notice => notice?.StartsWith($"The brake holds {held.Count} closes", StringComparison.Ordinal) == true);
        Assert.Equal(("resolved", "parked"), (alert.Status, alert.BigPanda.State));
        Assert.StartsWith("held by the brake", alert.BigPanda.LastError, StringComparison.Ordinal);
        Assert.Single(app.BigPanda.Requests, request => request.Path.EndsWith($"{held[1]}/comments", StringComparison.Ordinal));
        Assert.Equal((false, "eve"), (released.GetProperty("engaged").GetBoolean(), released.GetProperty("lastRelease").GetProperty("actor").GetString()));

        foreach (var id in held.Skip(1)) await _bridge.WaitForAlertAsync(id, settled => settled.IsSettled);
        Assert.All(held.Skip(1), id => Assert.Single(app.BigPanda.Resolves(id)));
        Assert.Empty(app.BigPanda.Resolves(reopened));
        Assert.False((await BrakeAsync()).GetProperty("engaged").GetBoolean());
    }

    [Fact]
    public async Task What_is_dropped_says_who_and_why_and_the_first_decision_stands()
    {
        var held = await HoldAsync();
        var shown = (await BrakeAsync()).GetProperty("engagement").GetInt64();
        var unseen = await _bridge.PostAsync("/api/brake/release", JsonSerializer.Serialize(new { kind = "closes", engagement = shown - 1, actor = "bob" }));
        var dropped = await ReleaseAsync(drop: true, "a script went wrong");
        var again = await ReleaseAsync(drop: true);
        var otherwise = await ReleaseAsync(drop: false);
        await ReleaseRestAsync();
        await app.Queues.WaitUntilIdleAsync();

        Assert.Equal((409, "brake-not-engaged"), (unseen.Status, unseen.Json.GetProperty("code").GetString()));
        Assert.InRange(Held(dropped.Expect(202).Json), 0, held.Count - 1);
        again.Expect(202);
        Assert.Equal((409, "brake-not-engaged"), (otherwise.Status, otherwise.Json.GetProperty("code").GetString()));
        foreach (var id in held)
        {
            var alert = await _bridge.WaitForAlertAsync(id, one => one.BigPanda.State == "failed");
            Assert.Equal("resolved", alert.Status);
            Assert.StartsWith("eve dropped what the brake held (a script went wrong)", alert.BigPanda.LastError, StringComparison.Ordinal);
            Assert.Empty(app.BigPanda.Resolves(id));
        }

        (await _bridge.ResolveAsync(held[0], "it is over", "eve")).Expect(202);
        await _bridge.WaitForAlertAsync(held[0], alert => alert.IsSettled);
        Assert.Single(app.BigPanda.Resolves(held[0]));
    }

    [Theory]
    [InlineData("""{"kind":"everything"}""")]
    [InlineData("""{"drop":true}""")]
    [InlineData("""{"kind":"closes","actor":"a\u0000b"}""")]
    [InlineData("""{"kind":"closes","all":true}""")]
    public async Task A_release_that_is_not_understood_is_refused(string body) => (await _bridge.PostAsync("/api/brake/release", body)).Expect(400);

    [Fact]
    public async Task A_brake_that_holds_nothing_cannot_be_released()
    {
        var refused = (await _bridge.PostAsync("/api/brake/release", """{"kind":"pages"}""")).Expect(409);

        Assert.Equal("brake-not-engaged", refused.Json.GetProperty("code").GetString());
    }

    /// <summary>Resolves eight alerts, of which the last ones are held.</summary>
    private async Task<IReadOnlyList<string>> HoldAsync([CallerMemberName] string test = "")
    {
        List<string> ids = [];
        for (var i = 0; i < 8; i++) ids.Add(await _bridge.FireAndResolveAsync(test: $"{test}-{i}"));
        await app.Queues.WaitUntilIdleAsync();
        List<string> held = [];
        foreach (var id in ids)
            if (await _bridge.WaitForAlertAsync(id, alert => alert.IsSettled || alert.BigPanda.State == "parked") is { BigPanda.State: "parked" }) held.Add(id);
        Assert.InRange(held.Count, 5, 8);
        return held;
    }

    private async Task<JsonElement> BrakeAsync() => (await _bridge.GetAsync("/api/brake")).Expect(200).Json.GetProperty("brakes")[0];

    private static int Held(JsonElement brake) => brake.GetProperty("held").GetInt32();

    private Task<TextResponse> ReleaseAsync(bool drop, string? reason = null) => _bridge.PostAsync(
        "/api/brake/release", JsonSerializer.Serialize(new { kind = "closes", drop, actor = "eve", reason }));

    /// <summary>A request releases for five seconds, and leaves the rest to the timer.</summary>
    private Task ReleaseRestAsync() => app.Host.InvokeTimerAsync("ReleaseParkedActions");

    public sealed class Fixture : AppFixture
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Brake__Closes"] = "3" };
    }
}
