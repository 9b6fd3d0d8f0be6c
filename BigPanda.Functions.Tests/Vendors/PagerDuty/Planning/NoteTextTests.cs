using System.Text;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

public sealed class NoteTextTests
{
    [Fact]
    public void A_text_that_fits_stays()
    {
        const string Text = "ada through the alert bridge (api): checked\n\tthe disk 🔥 é";
        Assert.Equal(Text, NoteText.Fit(Text));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("鍵")]
    [InlineData("🔥")]
    public void A_longer_one_is_cut_between_two_characters_and_says_so(string character)
    {
        var cut = NoteText.Fit(string.Concat(Enumerable.Repeat(character, 70_000)));

        Assert.InRange(Encoding.UTF8.GetByteCount(cut), NoteText.MaxBytes - 3, NoteText.MaxBytes);
        Assert.EndsWith($"{character}… (cut: the whole text is in BigPanda)", cut, StringComparison.Ordinal);
        Assert.Equal(cut, NoteText.Fit(cut));
    }

    [Fact]
    public void Control_characters_and_half_pairs_are_replaced() => Assert.Equal("a b\uFFFDc \nd🔥", NoteText.Fit("a\0b\uD83Dc\r\nd🔥"));
}
