using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.PagerDuty.Actions;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Actions;

/// <summary>What becomes of a page for each status of PagerDuty that comes once, five times, and for ever: in virtual time.</summary>
public sealed class PageAnswerTests
{
    private const int ForEver = int.MaxValue;

    private static readonly int[] Passing = [200, 201, 302, 307, 408, 425, 429, 500, 502, 503, 504, 520];

    public static TheoryData<int, int> PassingOnes
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (var status in Passing) foreach (var times in (int[])[1, 5, ForEver]) data.Add(status, times);
            return data;
        }
    }

    /// <summary>Fourteen attempts over some sixteen hours, none before its time.</summary>
    [Theory]
    [MemberData(nameof(PassingOnes))]
    public void What_may_pass_is_retried_on_the_schedule_until_it_has(int status, int times) => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" && world.PagerDuty.Count(what) <= times ? new Fate(Status: status) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(TimeSpan.FromHours(20));

        var calls = world.PagerDuty.Calls.Where(call => call.What == "trigger").Select(call => call.At).ToList();
        Assert.Equal(Math.Min((long)times + 1, PagerDutyTarget.Retries.Tries), calls.Count);
        Assert.All(
            calls.Zip(calls.Skip(1)).Index(),
            pair => Assert.InRange(pair.Item.Second - pair.Item.First, PagerDutyTarget.Retries.GetDelay(pair.Index + 1, null, 0), TimeSpan.FromHours(10)));
        Assert.Equal(times == ForEver ? 0 : 1, world.PagerDuty.Incidents.Count);
        if (times == ForEver) Assert.Contains("failed after 14 attempts", Assert.Single(world.Bus.DeadLetters).Description, StringComparison.Ordinal);
        else Assert.Empty(world.Bus.DeadLetters);
    });

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(409)]
    [InlineData(410)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(501)]
    public void What_will_not_pass_is_a_dead_letter_after_one_call(int status) => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? new Fate(Status: status) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(TimeSpan.FromHours(20));

        Assert.Equal(1, world.PagerDuty.Count("trigger"));
        var (queue, reason, description) = Assert.Single(world.Bus.DeadLetters);
        Assert.Equal((Queues.PagerDutyActions, "ActionFailed"), (queue, reason));
        Assert.Contains($"{status} ", description, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public void What_another_key_would_change_is_parked_after_one_call(int status) => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? new Fate(Status: status) : null;
        await world.ApplyAsync(Deliveries.New(0));
        await world.WorkAsync(TimeSpan.FromHours(20));

        Assert.Equal((1, 0), (world.PagerDuty.Count("trigger"), world.Bus.DeadLetters.Count));
        Assert.True((await world.PageAsync()).IsParked);
    });

    /// <summary>BigPanda holds the incident's updates back for five minutes at most, however long PagerDuty is down.</summary>
    [Fact]
    public void BigPandas_callback_waits_for_no_page() => PagingWorld.Run(async world =>
    {
        world.PagerDuty.Fates = what => what == "trigger" ? new Fate(Status: 503) : null;
        await world.ApplyAsync(Deliveries.New(0) with { WantsCallback = true });
        await world.WorkAsync(seconds: 1);

        Assert.Equal("callback", Assert.Single(world.InBigPanda).Kind);
        Assert.Equal(1, world.PagerDuty.Count("trigger"));
    });
}
