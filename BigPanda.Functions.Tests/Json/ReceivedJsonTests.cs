using System.Text;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Tests.Json;

public sealed class ReceivedJsonTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData(" [1, \"\\ud800\"] ")]
    [InlineData("\uFEFF{}")]
    public void A_json_document_has_no_error(string body) => Assert.Null(ReceivedJson.Check(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("", "The body is empty.", 1, 0)]
    [InlineData("{\n  \"a\": x", "The body is not valid JSON.", 2, 7)]
    [InlineData("{} {}", "The body is not valid JSON.", 1, 3)]
    [InlineData("{", "The body is not valid JSON.", 1, 1)]
    public void An_error_has_its_line_and_byte(string body, string detail, long line, long position)
    {
        var error = ReceivedJson.Check(Encoding.UTF8.GetBytes(body));

        Assert.Equal(new BodyError(detail, Line: line, Position: position), error);
        Assert.False(error?.IsJson);
    }

    [Theory]
    [InlineData("{\"a\":\"C:\\x\"}", "A backslash in a text must be written as two.")]
    [InlineData("{\n\n\"a\":\"C:\\x\"}", "A backslash in a text must be written as two.")]
    [InlineData("{\"a\":\"b\nc\"}", "A line break in a text must be written as \\n, a tab as \\t.")]
    [InlineData("{\"a\":\"b\r\nc\"}", "A line break in a text must be written as \\n, a tab as \\t.")]
    [InlineData("{\n\"a\":\"b\tc\"}", "A line break in a text must be written as \\n, a tab as \\t.")]
    public void What_scripts_forget_is_named(string body, string hint) =>
        Assert.Equal($"The body is not valid JSON. {hint}", ReceivedJson.Check(Encoding.UTF8.GetBytes(body))?.Detail);

    [Fact]
    public void Text_that_is_not_UTF8_has_the_place_of_its_first_wrong_byte() => Assert.Equal(
        new BodyError("The body is not valid UTF-8.", Line: 2, Position: 4), ReceivedJson.Check([.. "{\n\"äa"u8, 0xFF, .. "\"}"u8]));

    [Fact]
    public void Sixty_four_levels_are_read_and_one_more_is_an_error()
    {
        Assert.Null(ReceivedJson.Check(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64))));
        Assert.NotNull(ReceivedJson.Check(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65))));
    }
}
