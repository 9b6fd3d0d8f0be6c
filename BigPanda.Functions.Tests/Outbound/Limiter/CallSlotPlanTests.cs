using BigPanda.Functions.Outbound.Limiter;

namespace BigPanda.Functions.Tests.Outbound.Limiter;

/// <summary>Which instance takes, keeps and releases which share of the rate. "me" is the planning instance.</summary>
public sealed class CallSlotPlanTests
{
    private const int Count = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    public void Alone_an_instance_takes_what_it_can_use(int needed, int taken) => Assert.Equal(taken, Plan("----", needed).Take.Count);

    [Fact]
    public void What_is_held_is_renewed_while_it_is_used_and_released_when_it_is_idle()
    {
        Assert.Equal([0, 1], Plan("mm--", 1).Keep);
        Assert.Equal([0, 1], Plan("mm--", 0).Keep);
        Assert.Equal(4, Plan("mm--", 4).Held);
        Assert.Equal([0, 1], Plan("mm--", 0, isIdle: true).Release);
    }

    [Fact]
    public void A_lease_is_taken_over_only_when_it_has_run_out()
    {
        Assert.DoesNotContain(Plan("a---", 4, age: 19, wants: "").Take, slot => slot.Number == 0);
        Assert.Contains(Plan("a---", 4, age: 20, wants: "").Take, slot => slot.Number == 0);
    }

    [Theory]
    [InlineData("-", 0, 1000)]
    [InlineData("-", -1, 1000)]
    [InlineData("-", 0.25, 750)]
    [InlineData("-", 1, 0)]
    [InlineData("-", 600, 0)]
    [InlineData("a", 20, 0)]
    public void A_slot_is_used_an_interval_after_the_holder_before_may_have_used_it(string holder, double age, int milliseconds) =>
        Assert.Equal(milliseconds, Plan(holder, 1, count: 1, age: age).Take[0].ReadyIn.TotalMilliseconds);

    /// <summary>One call in ten seconds: the previous holder may have made its last call 6 seconds ago.</summary>
    [Fact]
    public void At_a_slow_rate_a_taken_over_slot_waits_for_the_rest_of_its_interval()
    {
        var table = Table("a", 20, []);

        Assert.Equal(TimeSpan.FromSeconds(4), SlotPlan.Of(table, "me", 1, TimeSpan.FromSeconds(10), new SlotDemand(1, false)).Take[0].ReadyIn);
    }

    [Fact]
    public void A_new_slot_is_used_at_once() => Assert.Equal(TimeSpan.Zero, Plan("", 1).Take[0].ReadyIn);

    [Theory]
    [InlineData("mmmm", "a", 2)]
    [InlineData("mmmm", "ab", 3)]
    [InlineData("mmmm", "abc", 3)]
    [InlineData("mmaa", "b", 1)]
    [InlineData("mmma", "a", 1)]
    [InlineData("mmmm", "", 0)]
    [InlineData("mm--", "a", 0)]
    public void More_than_its_share_is_released_as_far_as_others_lack_theirs(string holders, string wants, int released) =>
        Assert.Equal(released, Plan(holders, 4, wants: wants).Release.Count);

    [Theory]
    [InlineData("aa--", "a", 2)]
    [InlineData("a---", "a", 2)]
    [InlineData("a---", "", 3)]
    [InlineData("ab--", "", 2)]
    [InlineData("ab--", "ab", 1)]
    [InlineData("aaaa", "a", 0)]
    public void What_others_lack_of_their_share_is_left_to_them(string holders, string wants, int taken) =>
        Assert.Equal(taken, Plan(holders, 4, wants: wants).Take.Count);

    [Theory]
    [InlineData("aaaa", 1, true)]
    [InlineData("mmaa", 4, true)]
    [InlineData("mmaa", 2, false)]
    [InlineData("----", 4, false)]
    public void An_instance_says_that_it_could_use_more(string holders, int needed, bool wants) => Assert.Equal(wants, Plan(holders, needed).Wants);

    /// <summary>The instances plan one after the other, each on the state that the previous one left, as the transactions enforce.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(40)]
    public void Every_instance_with_work_gets_its_share(int instances)
    {
        string[] names = [.. Enumerable.Range(0, instances).Select(n => $"i{n:00}")];
        var (holders, wants, served) = (new string[Count], new HashSet<string>(), new HashSet<string>());
        Array.Fill(holders, "");
        for (var round = 0; round < 120; round++)
        {
            var now = Now.AddSeconds(5 * round);
            foreach (var me in names)
            {
                var slots = holders.Index().Select(slot => new SlotRow(slot.Index, slot.Item, now, "")).ToList();
                var plan = SlotPlan.Of(
                    new SlotTable(now, slots, [.. wants.Select(want => new WantRow(want, now))]), me, Count, Interval, new SlotDemand(Count, false));
                foreach (var number in plan.Release) holders[number] = "";
                foreach (var slot in plan.Take)
                {
                    Assert.Equal("", holders[slot.Number]);
                    holders[slot.Number] = me;
                }

                if (plan.Wants) wants.Add(me);
                else wants.Remove(me);
                if (holders.Contains(me)) served.Add(me);
            }

            if (round < 2 || instances > Count) continue;
            Assert.All(names, name => Assert.InRange(holders.Count(holder => holder == name), Count / instances, (Count + instances - 1) / instances));
        }

        Assert.DoesNotContain("", holders);
        // Ten minutes are five rounds of two, of four instances each.
        Assert.True(served.Count >= Math.Min(instances, 5 * Count), $"Only {served.Count} of {instances} had a slot.");
    }

    [Fact]
    public void The_demand_of_a_stopped_instance_expires()
    {
        var table = new SlotTable(Now, [], [new WantRow("gone", Now.AddMinutes(-11)), new WantRow("late", Now.AddMinutes(-1))]);

        Assert.Equal(["gone"], SlotPlan.Of(table, "me", Count, Interval, new SlotDemand(1, false)).Forgotten);
    }

    private static SlotPlan Plan(string holders, int needed, bool isIdle = false, double age = 5, string wants = "", int count = Count) =>
        SlotPlan.Of(Table(holders, age, wants), "me", count, Interval, new SlotDemand(needed, isIdle));

    /// <param name="holders">A letter for each slot's holder: m is me, - none.</param>
    private static SlotTable Table(string holders, double age, IEnumerable<char> wants) => new(
        Now,
        [
            .. holders.Index()
                .Select(slot => new SlotRow(slot.Index, slot.Item switch { 'm' => "me", '-' => "", var other => $"{other}" }, Now.AddSeconds(-age), "")),
        ],
        [.. wants.Select(want => new WantRow($"{want}", Now.AddSeconds(-1)))]);
}
