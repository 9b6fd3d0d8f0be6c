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
    [InlineData("", 0, 0, 0, 0)]
    [InlineData("", 500, 0, 250, 0)]
    [InlineData("many", 501, 0, 250, 0)]
    [InlineData("", 100, 50, 50, 0)]
    [InlineData("repeats", 100, 51, 50, 0)]
    [InlineData("", 99, 99, 50, 0)]
    [InlineData("", 19, 0, 0, 19)]
    [InlineData("no-ok", 20, 0, 0, 0)]
    [InlineData("", 21, 0, 1, 10)]
    [InlineData("no-runbook", 21, 0, 1, 11)]
    [InlineData("many repeats no-ok no-runbook", 1000, 600, 0, 1000)]
    public void A_days_alerts_show_what_to_change(string words, int all, int repeats, int oks, int withoutRunbook) =>
        Assert.Equal(words, Words(UsageOf(new AlertCounts(all, repeats, oks, withoutRunbook)), Now));

    [Fact]
    public void Many_alerts_count_in_one_hour_and_the_rest_in_a_day()
    {
        var usage = SourceUsage.None;
        for (var hour = 0; hour < 10; hour++) usage = usage.With(SampleOf(new AlertCounts(100, 0, 0, 0)), Now.AddHours(hour));

        Assert.Equal("no-ok", Words(usage, Now.AddHours(9)));
        Assert.Equal(1000, usage.Alerts(Now.AddHours(9)).All);
        Assert.Equal("", Words(usage, Now.AddHours(40)));
    }

    [Fact]
    public void A_monitor_is_shown_with_them_and_another_source_without()
    {
        var usage = UsageOf(new AlertCounts(30, 0, 0, 30));
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
        traffic.Relayed(AlertCounts.Of(isRepeat: true, isOk: false, hasRunbook: false));
        var sample = traffic.Take();
        traffic.Relayed(AlertCounts.Of(isRepeat: false, isOk: true, hasRunbook: false));

        Assert.False(sample.IsEmpty);
        traffic.GiveBack(sample);

        Assert.Equal(new AlertCounts(2, 1, 1, 1), traffic.Peek().Alerts);
        Assert.Equal(new AlertCounts(2, 1, 1, 1), traffic.Take().Alerts);
        Assert.True(traffic.Take().IsEmpty);
    }

    private static string Words(SourceUsage usage, DateTimeOffset now) => string.Join(' ', AlertPractice.Find("azure", usage, now).Select(found => found.Word));

    private static SourceUsage UsageOf(AlertCounts alerts) => SourceUsage.None.With(SampleOf(alerts), Now);

    private static TrafficSample SampleOf(AlertCounts alerts) => new(0, 0, null, new Dictionary<string, DateTimeOffset>()) { Alerts = alerts };
}
