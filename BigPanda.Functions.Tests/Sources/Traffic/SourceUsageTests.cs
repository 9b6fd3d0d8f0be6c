using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Sources.Traffic;

public sealed class SourceUsageTests
{
    private static readonly DateTimeOffset Now = Deliveries.Start;

    [Fact]
    public void Counts_are_those_of_the_last_24_hours()
    {
        var usage = SourceUsage.None.With(Sample(5, 1), Now).With(Sample(2, 0), Now.AddMinutes(30)).With(Sample(1, 3), Now.AddHours(23));

        Assert.Equal((8, 4), (usage.Deliveries(Now.AddHours(23)), usage.Rejections(Now.AddHours(23))));
        Assert.Equal((1, 3), (usage.Deliveries(Now.AddHours(24)), usage.Rejections(Now.AddHours(24))));
        Assert.Equal(0, usage.Deliveries(Now.AddHours(47)));
    }

    [Fact]
    public void What_is_kept_stays_small()
    {
        var usage = SourceUsage.None;
        for (var hour = 0; hour < 1000; hour++)
            usage = usage.With(
                Sample(1, 1) with { TokensLastUsedAt = new Dictionary<string, DateTimeOffset> { [$"t{hour}"] = Now.AddHours(hour) } }, Now.AddHours(hour));

        Assert.Equal((24, 8), (usage.Recent.Count, usage.TokensLastUsedAt.Count));
        Assert.Contains("t999", usage.TokensLastUsedAt.Keys);
    }

    [Fact]
    public void The_latest_times_win_whatever_the_order()
    {
        var early = Sample(1, 0) with { LastDeliveryAt = Now };
        var late = Sample(1, 0) with { LastDeliveryAt = Now.AddMinutes(5) };

        Assert.Equal(Now.AddMinutes(5), SourceUsage.None.With(early, Now).With(late, Now).LastDeliveryAt);
        Assert.Equal(Now.AddMinutes(5), SourceUsage.None.With(late, Now).With(early, Now).LastDeliveryAt);
    }

    [Fact]
    public void Applying_is_behind_by_the_newest_delivery_of_each()
    {
        var created = Now.AddDays(-3);
        var delivered = SourceUsage.None.With(Sample(1, 0) with { LastDeliveryAt = Now }, Now);
        var applied = delivered.With(Sample(0, 0) with { LastAppliedAt = Now.AddMinutes(-20) }, Now);

        Assert.Equal(TimeSpan.Zero, SourceUsage.None.Lag(created));
        Assert.Equal(TimeSpan.FromDays(3), delivered.Lag(created));
        Assert.Equal(TimeSpan.FromMinutes(20), applied.Lag(created));
        Assert.Equal(TimeSpan.Zero, applied.With(Sample(0, 0) with { LastAppliedAt = Now }, Now).Lag(created));
        Assert.Equal(TimeSpan.Zero, applied.With(Sample(0, 0) with { LastAppliedAt = Now.AddSeconds(1) }, Now).Lag(created));
    }

    private static TrafficSample Sample(int deliveries, int rejections) => new(deliveries, rejections, null, new Dictionary<string, DateTimeOffset>());
}
