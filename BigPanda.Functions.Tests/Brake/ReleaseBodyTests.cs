using System.Text;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Brake.Api;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Brake;

/// <summary>What a person decides about a brake, and what they see of it.</summary>
public sealed class ReleaseBodyTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"kind":"closes"}""", "Closes an API caller False ")]
    [InlineData("""{"kind":"Pages","drop":true,"actor":" ada ","reason":"a wrong rule"}""", "Pages ada True a wrong rule")]
    [InlineData("""{"kind":"closes","drop":false,"reason":" "}""", "Closes an API caller False ")]
    [InlineData("""{"kind":"closes","engagement":7,"actor":"eve"}""", "Closes 7eve False ")]
    public async Task A_release_sends_unless_it_says_drop(string json, string expected)
    {
        var (decision, error) = await ReadAsync(json);

        var release = decision?.Release;
        Assert.Equal(("", expected), (error, $"{decision?.Kind} {decision?.Engagement}{release?.Actor} {release?.Drop} {release?.Reason}"));
        Assert.Equal(Now, release?.At);
    }

    [Theory]
    [InlineData("""{"drop":true}""")]
    [InlineData("""{"kind":"comments"}""")]
    [InlineData("""{"kind":""}""")]
    public async Task Another_kind_is_refused(string json) => Assert.Equal("kind must be closes or pages.", await ErrorAsync(json));

    [Theory]
    [InlineData("actor", 200, true)]
    [InlineData("actor", 201, false)]
    [InlineData("reason", 200, true)]
    [InlineData("reason", 201, false)]
    public async Task Actor_and_reason_have_at_most_two_hundred_characters(string member, int length, bool isValid) =>
        Assert.Equal(isValid, await ErrorAsync($$"""{"kind":"pages","{{member}}":"{{new string('a', length)}}"}""") is "");

    [Theory]
    [InlineData("actor")]
    [InlineData("reason")]
    public async Task They_have_no_control_characters(string member) => Assert.Equal(
        "actor and reason must have at most 200 characters and no control characters.", await ErrorAsync($$"""{"kind":"pages","{{member}}":"a\u0007a"}"""));

    [Fact]
    public async Task What_is_no_json_is_refused() => Assert.NotEqual("", await ErrorAsync("closes"));

    [Fact]
    public void A_brake_shows_whether_it_holds_who_caused_that_and_the_last_decision()
    {
        var decided = new Engagement(1, Now, 5, 6) { Release = new BrakeRelease(Now.AddMinutes(1), "ada", true, "a wrong rule") };
        var holding = new Engagement(2, Now.AddMinutes(2), 5, 7);
        var held = new HeldSummary(10);
        held.Add("incident-1", null, null, Now);
        held.Add("incident-2", "api", "grace", Now.AddSeconds(1));
        held.Add("incident-3", "api", "grace", Now.AddSeconds(2));

        var engaged = BrakeView.Of(BrakeKind.Closes, 5, new BrakeState(Now, 7, [decided, holding]), held);
        var free = BrakeView.Of(BrakeKind.Pages, 5, new BrakeState(Now, 0, [decided]), new HeldSummary(10));

        Assert.Equal((true, Now.AddMinutes(2).UtcDateTime, 3, 7), (engaged.Engaged, engaged.EngagedAt, engaged.Held, engaged.Counted));
        Assert.Equal([new CauseView("api", "grace", 2), new CauseView("bridge", null, 1)], engaged.Causes);
        Assert.Equal(new ReleaseView(Now.AddMinutes(1).UtcDateTime, "ada", true, "a wrong rule"), engaged.LastRelease);
        Assert.Equal((2L, 1L), (engaged.Engagement, free.Engagement));
        Assert.Equal((false, null, 0, null), (free.Engaged, free.EngagedAt, free.Held, free.FirstHeldAt));
        Assert.NotNull(free.LastRelease);
        Assert.Null(BrakeView.Of(BrakeKind.Pages, 5, new BrakeState(Now, 0, [holding]), held).LastRelease);
    }

    [Fact]
    public void A_held_action_follows_the_decision_about_its_engagement()
    {
        var first = new BrakeRelease(Now, "ada", true, null);
        var state = new BrakeState(Now, 0, [new Engagement(1, Now, 5, 6) { Release = first }, new Engagement(2, Now, 5, 6)]);

        Assert.Equal(first, state.ReleaseOf(1));
        Assert.Null(state.ReleaseOf(2));
        Assert.Null(state.ReleaseOf(3));
    }

    private static async Task<string> ErrorAsync(string json) => (await ReadAsync(json)).Error;

    private static Task<(BrakeDecision? Decision, string Error)> ReadAsync(string json) => ReleaseBody.ReadAsync(
        new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(json)), ContentType = "application/json" } }.Request, Now,
        CancellationToken.None);
}
