using BigPanda.Functions.Vendors.PagerDuty.Correlation;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Correlation;

public sealed class CorrelationScheduleTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 40)]
    [InlineData(4, null)]
    [InlineData(400, null)]
    public void An_event_of_an_unknown_incident_is_checked_a_few_times(int attempts, int? seconds) =>
        Assert.Equal(seconds, Next(new CorrelationResult.Unknown(), attempts)?.TotalSeconds);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(5, 900)]
    [InlineData(1000, 900)]
    public void An_event_that_PagerDuty_must_explain_waits_for_it(int attempts, int seconds) =>
        Assert.Equal(seconds, Next(new CorrelationResult.Unanswered("503", null, 0), attempts)?.TotalSeconds);

    [Fact]
    public void It_waits_as_long_as_PagerDuty_asks_for() =>
        Assert.Equal(3600, Next(new CorrelationResult.Unanswered("429", TimeSpan.FromHours(1), 0), 0)?.TotalSeconds);

    [Fact]
    public void After_fourteen_days_it_is_given_up()
    {
        var result = new CorrelationResult.Unanswered("503", null, 0);

        Assert.NotNull(CorrelationSchedule.Next(result, 1000, TimeSpan.FromDays(13.9), 0));
        Assert.Null(CorrelationSchedule.Next(result, 1000, TimeSpan.FromDays(14), 0));
    }

    [Fact]
    public void Once_a_page_has_it_the_others_are_looked_for_only_a_while()
    {
        var result = new CorrelationResult.Unanswered("503", null, 1);

        Assert.NotNull(Next(result, 5));
        Assert.Null(Next(result, 6));
    }

    [Fact]
    public void What_was_sent_or_is_foreign_is_done()
    {
        Assert.Null(Next(new CorrelationResult.Sent(1), 0));
        Assert.Null(Next(new CorrelationResult.Foreign("why"), 0));
    }

    private static TimeSpan? Next(CorrelationResult result, int attempts) => CorrelationSchedule.Next(result, attempts, TimeSpan.Zero, 0);
}
