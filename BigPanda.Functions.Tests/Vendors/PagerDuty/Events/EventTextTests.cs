using BigPanda.Functions.Vendors.PagerDuty.Events;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Events;

public sealed class EventTextTests
{
    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    // A pair, a letter with a mark, and a family are one character each.
    [InlineData("abcd🔥g", 6, "abcd…")]
    [InlineData("abcde\u0301fg", 6, "abcd…")]
    [InlineData("ab👩‍👩‍👧xyz", 9, "ab…")]
    public void A_text_is_cut_between_two_characters(string text, int limit, string expected) => Assert.Equal(expected, EventText.Line(text, limit));

    [Fact]
    public void A_character_of_a_thousand_marks_is_cut_inside()
    {
        var cut = EventText.Line("a" + new string('\u0301', 1000), 100);

        Assert.Equal(100, cut.Length);
    }

    [Fact]
    public void A_text_of_pairs_is_never_cut_through_one()
    {
        var text = string.Concat(Enumerable.Repeat("🔥", 50));

        for (var limit = 10; limit < 30; limit++) Assert.DoesNotContain('\uFFFD', EventText.Line(EventText.Line(text, limit), 100));
    }

    [Theory]
    [InlineData("a\0b\r\nc\td\u007Fe\u0085f\u2028g", "a b  c d e f g", "a b \nc\td e f g")]
    public void Control_characters_are_replaced(string text, string line, string lines)
    {
        Assert.Equal(line, EventText.Line(text, 100));
        Assert.Equal(lines, EventText.Lines(text, 100));
    }

    [Fact]
    public void Half_pairs_are_replaced() =>
        Assert.Equal("half \uFFFD, \uFFFD and whole 🔥", EventText.Line("half \uD83D, \uDD25 and whole 🔥", 100));

    [Fact]
    public void A_text_of_megabytes_is_cut_like_any_other()
    {
        var cut = EventText.Line(new string('\0', 10_000_000), 50);

        Assert.Equal(new string(' ', 49) + "…", cut);
    }
}
