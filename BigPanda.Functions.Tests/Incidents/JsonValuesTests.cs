using System.Text;
using System.Text.Json;
using BigPanda.Functions.Incidents;

namespace BigPanda.Functions.Tests.Incidents;

public sealed class JsonValuesTests
{
    [Theory]
    [InlineData("1649576282", 1649576282.0)]
    [InlineData("1649576282.9", 1649576282.9)]
    [InlineData("1.649576282e9", 1649576282.0)]
    [InlineData("1649576282000", 1649576282.0)]
    [InlineData("1649576282999", 1649576282.999)]
    [InlineData("\"1649576282\"", 1649576282.0)]
    [InlineData("\" 1649576282 \"", 1649576282.0)]
    [InlineData("\"2022-04-10T07:38:02Z\"", 1649576282.0)]
    [InlineData("\"2022-04-10T09:38:02+02:00\"", 1649576282.0)]
    [InlineData("\"2022-04-10T07:38:02.808Z\"", 1649576282.808)]
    [InlineData("\"2022-04-10T07:38:02\"", 1649576282.0)]
    [InlineData("1", 1.0)]
    [InlineData("253402300799", 253402300.799)]
    [InlineData("99999999999", 99999999999.0)]
    [InlineData("0", null)]
    [InlineData("-0", null)]
    [InlineData("-1649576282", null)]
    [InlineData("1649576282000000", null)]
    [InlineData("900000000000000", null)]
    [InlineData("999999999999999", null)]
    [InlineData("1e400", null)]
    [InlineData("-1e400", null)]
    [InlineData("1e-400", null)]
    [InlineData("123456789012345678901234567890", null)]
    [InlineData("\"Infinity\"", null)]
    [InlineData("\"NaN\"", null)]
    [InlineData("\"soon\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"12:30\"", null)]
    [InlineData("\"Sunday\"", null)]
    [InlineData("\"\\ud800\"", null)]
    [InlineData("null", null)]
    [InlineData("true", null)]
    [InlineData("[1649576282]", null)]
    [InlineData("{\"time\":1649576282}", null)]
    public void A_time_is_read_or_there_is_none(string json, double? seconds)
    {
        var reader = Over(json);

        Assert.Equal(seconds is { } since1970 ? DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(since1970 * 1000) * TimeSpan.TicksPerMillisecond) : null, JsonValues.Time(ref reader));
        AssertAtEnd(ref reader);
    }

    [Fact]
    public void Every_time_that_is_read_is_one_that_can_be_shown()
    {
        for (var exponent = 0; exponent < 20; exponent++)
        {
            foreach (var digit in (int[])[1, 2, 3, 9])
            {
                var reader = Over($"{digit}e{exponent}");
                if (JsonValues.Time(ref reader) is { } time) Assert.InRange(time.Year, 1970, 9999);
            }
        }
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null", null)]
    [InlineData("\"true\"", null)]
    [InlineData("1", null)]
    [InlineData("[true]", null)]
    [InlineData("{}", null)]
    public void Only_true_and_false_are_flags(string json, bool? flag)
    {
        var reader = Over(json);

        Assert.Equal(flag, JsonValues.Flag(ref reader));
        AssertAtEnd(ref reader);
    }

    [Theory]
    [InlineData("\"a\\u0000b\"", "a\0b")]
    [InlineData("17", null)]
    [InlineData("null", null)]
    [InlineData("[\"a\"]", null)]
    [InlineData("{\"a\":\"b\"}", null)]
    public void Only_text_is_text(string json, string? text)
    {
        var reader = Over(json);

        Assert.Equal(text, JsonValues.Text(ref reader));
        AssertAtEnd(ref reader);
    }

    [Theory]
    [InlineData("1000", "1000")]
    [InlineData("1e400", "1e400")]
    [InlineData("-0", "-0")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("\"a\"", "\"a\"")]
    [InlineData("\"\\ud800\"", "\"\\uFFFD\"")]
    [InlineData("[]", "[]")]
    [InlineData("[ 1 , \"a\" , null , -0.5e3 ]", "[1,\"a\",null,-0.5e3]")]
    [InlineData("[[1,[2]],{\"a\":{\"b\":[]}}]", """["[1,[2]]","{\"a\":{\"b\":[]}}"]""")]
    [InlineData("[\"ä\\ud800\"]", "[\"ä\uFFFD\"]")]
    [InlineData("{}", "\"{}\"")]
    public void Any_value_is_kept_as_its_json(string json, string kept)
    {
        var reader = Over(json);

        Assert.Equal(kept, JsonValues.Any(ref reader).Json);
        AssertAtEnd(ref reader);
    }

    [Theory]
    [InlineData("{ \"a\" : [ 1 , 2 ] , \"b\" : { } , \"c\" : \"x\\ny\" }", """{"a":[1,2],"b":{},"c":"x\ny"}""")]
    [InlineData("{\"a\":[],\"b\":[{},{}],\"c\":[[],[]],\"d\":null}", """{"a":[],"b":[{},{}],"c":[[],[]],"d":null}""")]
    public void An_object_is_kept_as_compact_text(string json, string text)
    {
        var reader = Over(json);

        Assert.Equal(text, JsonValues.Any(ref reader).Text);
        AssertAtEnd(ref reader);
    }

    private static Utf8JsonReader Over(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        Assert.True(reader.Read());
        return reader;
    }

    /// <summary>Whatever the type, the whole value and nothing but it has been read.</summary>
    private static void AssertAtEnd(ref Utf8JsonReader reader)
    {
        Assert.Equal(0, reader.CurrentDepth);
        Assert.False(reader.Read());
    }
}
