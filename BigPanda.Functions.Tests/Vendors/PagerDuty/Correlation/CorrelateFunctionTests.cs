using BigPanda.Functions.Tests.Vendors.PagerDuty.Api;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Correlation;

public sealed class CorrelateFunctionTests
{
    [Fact]
    public void An_event_that_comes_before_its_page_is_known_finds_it_later()
    {
        var (waits, sent, completed) = Correlating.Run(async test =>
        {
            var handling = test.HandleAsync("incident.acknowledged", "Q1");
            await test.AddPageAsync("one", "Q1");
            return (await handling, test.Sent, test.Bus.Completed);
        });

        Assert.Equal("one", Assert.Single(sent).IncidentId);
        Assert.Single(waits);
        Assert.Equal(2, completed);
    }

    [Fact]
    public void An_event_that_never_finds_a_page_is_completed_after_a_few_tries()
    {
        var (waits, sent, completed) = Correlating.Run(
            async test => (await test.HandleAsync("incident.acknowledged", "Q1"), test.Sent, test.Bus.Completed));

        Assert.Empty(sent);
        Assert.Equal(4, waits.Count);
        Assert.Equal(5, completed);
        Assert.InRange(waits.Aggregate((one, other) => one + other).TotalSeconds, 75, 90);
    }

    [Fact]
    public void An_event_of_others_is_completed_at_once() => Assert.Empty(Correlating.Run(test =>
    {
        test.Answer = _ => Correlating.ListOf("another's");
        return test.HandleAsync("incident.acknowledged", "Q1");
    }));

    [Fact]
    public void After_an_outage_of_hours_it_is_sent_once()
    {
        var (waits, sent) = Correlating.Run(async test =>
        {
            await test.AddAlertAsync("one");
            var calls = 0;
            test.Answer = _ => ++calls <= 12
                ? ScriptedPagerDuty.Json(503, "{}")
                : Correlating.ListOf(Correlating.KeyOf("one").Text);
            return (await test.HandleAsync("incident.resolved", "Q1"), test.Sent);
        });

        Assert.Equal(12, waits.Count);
        Assert.True(waits.Aggregate((one, other) => one + other) > TimeSpan.FromHours(1));
        Assert.Equal("one", Assert.Single(sent).IncidentId);
    }
}
