using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Rules;

public sealed class ExpectationTests
{
    [Fact]
    public void The_latest_twenty_are_kept()
    {
        var kept = Enumerable.Range(1, 21).Aggregate((IReadOnlyList<Expectation>)[], (known, i) => known.With($"comment {i}", At(i)));

        Assert.Equal(20, kept.Count);
        Assert.True(IsOurs(kept, "comment 21"));
        Assert.True(IsOurs(kept, "comment 2"));
        Assert.False(IsOurs(kept, "comment 1"));
    }

    [Fact]
    public void What_has_expired_makes_room()
    {
        var kept = ((IReadOnlyList<Expectation>)[]).With("early", At(0)).With("late", At(86_401));

        Assert.Equal([Expectation.Of("late", At(86_401))], kept);
    }

    [Theory]
    [InlineData(86_400, true)]
    [InlineData(86_401, false)]
    public void A_comment_is_waited_for_a_day(long second, bool isOurs)
    {
        ((IReadOnlyList<Expectation>)[]).With("fixed", At(0)).Without("fixed", At(second), out var met);

        Assert.Equal(isOurs, met);
    }

    [Fact]
    public void White_space_is_not_compared_and_words_are()
    {
        var kept = ((IReadOnlyList<Expectation>)[]).With("fixed  the\ndisk ", At(0));

        Assert.True(IsOurs(kept, " fixed the disk"));
        Assert.False(IsOurs(kept, "fixed thedisk"));
        Assert.False(IsOurs(kept, null));
    }

    [Fact]
    public void The_one_that_is_met_is_taken_out_and_the_others_stay()
    {
        var kept = ((IReadOnlyList<Expectation>)[]).With("one", At(0)).With("two", At(1)).With("three", At(2)).Without("two", At(3), out _);

        Assert.Equal([Expectation.Of("one", At(0)), Expectation.Of("three", At(2))], kept);
    }

    private static bool IsOurs(IReadOnlyList<Expectation> kept, string? comment)
    {
        kept.Without(comment, At(30), out var isOurs);
        return isOurs;
    }
}
