using System.Text.Json;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Api;
using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Sources.Traffic;

/// <summary>What BigPanda's guidelines ask of monitoring systems.</summary>
public sealed class AlertPracticeTests
{
    private static readonly DateTimeOffset Now = Deliveries.Start;

    [Theory]
    [InlineData("", 500)]
    [InlineData("many", 501)]
    public void More_than_a_few_hundred_in_an_hour_are_many(string words, int onTime) =>
        Assert.Equal(words, Words(new AlertCounts { All = 1000, OnTime = onTime }));

    [Theory]
    [InlineData("", 100, 50)]
    [InlineData("repeats", 100, 51)]
    [InlineData("", 99, 99)]
    public void A_monitor_should_not_repeat_most_of_what_it_sends(string words, int all, int repeats) =>
        Assert.Equal(words, Words(new AlertCounts { All = all, Repeats = repeats }));

    /// <summary>Repeats and what the bridge resolves are not among the unresolved ones.</summary>
    [Theory]
    [InlineData("", 19, 0)]
    [InlineData("no-ok", 20, 0)]
    [InlineData("", 20, 1)]
    public void A_monitor_should_resolve_what_only_it_resolves(string words, int unresolved, int oks) =>
        Assert.Equal(words, Words(new AlertCounts { All = 400, Repeats = 100, Fired = 200, Unresolved = unresolved, Oks = oks }));

    [Theory]
    [InlineData("", 19, 19)]
    [InlineData("", 20, 10)]
    [InlineData("no-runbook", 20, 11)]
    public void Most_alerts_should_have_a_link_to_a_runbook(string words, int fired, int without) =>
        Assert.Equal(words, Words(new AlertCounts { All = 300, Repeats = 100, Fired = fired, FiredWithoutRunbook = without }));

    [Fact]
    public void A_monitor_may_have_to_change_all_of_it() => Assert.Equal(
        "many repeats no-ok no-runbook",
        Words(new AlertCounts { All = 1000, OnTime = 501, Repeats = 600, Fired = 400, Unresolved = 400, FiredWithoutRunbook = 400 }));

    /// <summary>A row holds the hours before a deployment and those after it.</summary>
    [Fact]
    public void What_an_earlier_version_counted_shows_nothing_false()
    {
        var hour = Now.ToUnixTimeSeconds() / 3600;
        var alerts = """{"All":400,"Repeats":10,"Oks":0,"WithoutRunbook":400}""";
        var saved = JsonSerializer.Deserialize(
            $$"""{"Recent":[{"Hour":{{hour}},"Deliveries":1,"Rejections":0,"Alerts":{{alerts}}}]}""", SourceUsageJson.Default.SourceUsage);

        var usage = saved?.With(SampleOf(new AlertCounts { All = 20, Fired = 20, Unresolved = 19, FiredWithoutRunbook = 10 }), Now);

        Assert.Equal(420, usage?.Alerts(Now).All);
        Assert.Equal("", Words(usage ?? SourceUsage.None, Now));
    }

    [Fact]
    public void Many_alerts_count_in_one_hour_and_the_rest_in_a_day()
    {
        var usage = SourceUsage.None;
        for (var hour = 0; hour < 10; hour++) usage = usage.With(SampleOf(new AlertCounts { All = 100, OnTime = 100, Unresolved = 100 }), Now.AddHours(hour));

        Assert.Equal("no-ok", Words(usage, Now.AddHours(9)));
        Assert.Equal(1000, usage.Alerts(Now.AddHours(9)).All);
        Assert.Equal("", Words(usage, Now.AddHours(40)));
    }

    [Fact]
    public void A_monitor_is_shown_with_them_and_another_source_without()
    {
        var usage = UsageOf(new AlertCounts { All = 30, Fired = 30, Unresolved = 30, FiredWithoutRunbook = 30 });
        var source = Catalogs.Source("azure", "token") with { Kind = SourceKind.Monitor, Format = "azureMonitor" };

        var notices = SourceView.Of(source, usage, new Uri("https://bridge.example.com"), 24, Now).Notices;

        Assert.Equal(2, notices?.Count);
        Assert.All(notices ?? [], notice => Assert.Contains("azure", notice, StringComparison.Ordinal));
        Assert.Null(SourceView.Of(source with { Kind = SourceKind.BigPanda }, usage, new Uri("https://bridge.example.com"), 24, Now).Notices);
    }

    [Fact]
    public void What_could_not_be_saved_is_counted_with_what_came_since()
    {
        var traffic = new SourceTraffic();
        traffic.Relayed(new AlertCounts { All = 1, Repeats = 1, Oks = 1, Fired = 2 });
        var sample = traffic.Take();
        traffic.Relayed(new AlertCounts { All = 2, Fired = 3, Unresolved = 4, FiredWithoutRunbook = 5, OnTime = 6 });

        Assert.False(sample.IsEmpty);
        traffic.GiveBack(sample);

        var all = new AlertCounts { All = 3, Repeats = 1, Oks = 1, Fired = 5, Unresolved = 4, FiredWithoutRunbook = 5, OnTime = 6 };
        Assert.Equal(all, traffic.Peek().Alerts);
        Assert.Equal(all, traffic.Take().Alerts);
        Assert.True(traffic.Take().IsEmpty);
    }

    [Fact]
    public void Each_says_what_was_counted_what_follows_and_what_to_change()
    {
        var counts = new AlertCounts { All = 600, OnTime = 501, Repeats = 301, Fired = 20, FiredWithoutRunbook = 11, Unresolved = 20 };

        Assert.Equal(
            [
                "The source azure sent 501 alerts within an hour. BigPanda expects a few hundred and delays more: "
                    + "group or filter them in the monitoring system.",
                "Of 600 alerts of the source azure within a day 301 repeated the one before, which changes nothing in BigPanda. "
                    + "Make the monitoring system repeat less often.",
                "The source azure sent 20 alerts within a day that only an ok of the monitor closes, and no ok: their incidents stay open in BigPanda. "
                    + "Make the monitoring system send what is resolved, too.",
                "Of 20 firing alerts of the source azure within a day 11 had no link to a runbook. Add one as a tag, such as runbook_url.",
            ],
            AlertPractice.Find("azure", UsageOf(counts), Now).Select(found => found.Text));
    }

    private static string Words(AlertCounts alerts) => Words(UsageOf(alerts), Now);

    private static string Words(SourceUsage usage, DateTimeOffset now) => string.Join(' ', AlertPractice.Find("azure", usage, now).Select(found => found.Word));

    private static SourceUsage UsageOf(AlertCounts alerts) => SourceUsage.None.With(SampleOf(alerts), Now);

    private static TrafficSample SampleOf(AlertCounts alerts) => new(0, 0, null, new Dictionary<string, DateTimeOffset>()) { Alerts = alerts };
}
