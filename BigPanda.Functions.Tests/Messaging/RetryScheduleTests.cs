using BigPanda.Functions.Messaging;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Messaging;

public sealed class RetryScheduleTests
{
    private static readonly RetrySchedule Schedule = new(seconds: [10, 100]);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(2, 100)]
    [InlineData(3, 100)]
    [InlineData(int.MaxValue, 100)]
    public void The_delay_is_the_one_of_the_list_and_the_last_one_repeats(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Schedule.GetDelay(failures, null, 0));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.5, 11)]
    [InlineData(1, 12)]
    public void A_spread_adds_a_fifth_at_most(double spread, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Schedule.GetDelay(1, null, spread));

    [Theory]
    [InlineData(5, 10)]
    [InlineData(10, 10)]
    [InlineData(11, 11)]
    [InlineData(864_000, 864_000)]
    public void What_the_other_side_asks_for_is_never_undercut_and_shortens_nothing(int asked, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Schedule.GetDelay(1, TimeSpan.FromSeconds(asked), 0));

    [Fact]
    public void The_first_try_counts() => Assert.Equal(3, Schedule.Tries);

    [Fact]
    public void The_delays_of_each_schedule_are_fixed()
    {
        Assert.Equal([1, 2, 5, 10, 20, 30], InSeconds(RetrySchedule.Outage));
        Assert.Equal([1, 2, 5, 10, 20, 40], InSeconds(RetrySchedule.Broker));
        Assert.Equal([1, 2, 5, 10, 15, 20, 20, 20, 20], InSeconds(RetrySchedule.Failures));
        Assert.Equal([60, 120, 300, 600, 600, 600, 600, 720], InSeconds(RetrySchedule.NewerVersion));
        Assert.Equal([2, 5, 15, 30, 60, 120, 300, 900, 1800, 3600, 7200, 14_400, 28_800], InSeconds(BigPandaTarget.Retries));
    }

    /// <summary>Waiting messages are applied within two minutes of the recovery, of which a hanging attempt takes half a minute.</summary>
    [Fact]
    public void During_an_outage_storage_is_tried_at_least_once_a_minute() => Assert.All(
        new[] { RetrySchedule.Outage, RetrySchedule.Broker },
        schedule => Assert.InRange(schedule.GetDelay(int.MaxValue, null, 1), TimeSpan.Zero, TimeSpan.FromSeconds(50)));

    [Fact]
    public void A_message_of_a_newer_version_waits_for_an_hour() => Assert.Equal(TimeSpan.FromHours(1), Total(RetrySchedule.NewerVersion));

    [Fact]
    public void Ten_failed_executions_make_a_dead_letter_and_take_two_minutes()
    {
        Assert.Equal(10, RetrySchedule.Failures.Tries);
        Assert.InRange(Total(RetrySchedule.Failures), TimeSpan.FromMinutes(1.5), TimeSpan.FromMinutes(2.5));
    }

    [Fact]
    public void Acting_in_BigPanda_is_tried_fourteen_times_in_sixteen_hours()
    {
        Assert.Equal(14, BigPandaTarget.Retries.Tries);
        Assert.InRange(Total(BigPandaTarget.Retries), TimeSpan.FromHours(15), TimeSpan.FromHours(17));
    }

    private static IEnumerable<int> InSeconds(RetrySchedule schedule) =>
        Enumerable.Range(1, schedule.Tries - 1).Select(failures => (int)schedule.GetDelay(failures, null, 0).TotalSeconds);

    private static TimeSpan Total(RetrySchedule schedule) =>
        Enumerable.Range(1, schedule.Tries - 1).Aggregate(TimeSpan.Zero, (sum, failures) => sum + schedule.GetDelay(failures, null, 0));
}
