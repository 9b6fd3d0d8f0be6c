using System.Text;
using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Tests.Json;

public sealed class JsonValuesTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null", null)]
    [InlineData("\"true\"", true)]
    [InlineData("\"True\"", true)]
    [InlineData("\" TRUE \"", true)]
    [InlineData("\"yes\"", true)]
    [InlineData("\"Y\"", true)]
    [InlineData("\"on\"", true)]
    [InlineData("\"1\"", true)]
    [InlineData("1", true)]
    [InlineData("1.0", true)]
    [InlineData("\"False\"", false)]
    [InlineData("\"no\"", false)]
    [InlineData("\"n\"", false)]
    [InlineData("\"OFF\"", false)]
    [InlineData("\"0\"", false)]
    [InlineData("0", false)]
    [InlineData("-0", false)]
    [InlineData("2", null)]
    [InlineData("-1", null)]
    [InlineData("1e400", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"maybe\"", null)]
    [InlineData("\"true false\"", null)]
    [InlineData("\"\\ud800\"", null)]
    [InlineData("[true]", null)]
    [InlineData("{}", null)]
    public void What_can_only_be_true_or_false_is_a_flag(string json, bool? flag)
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
    [InlineData("\"\\ud800\"", "\"\uFFFD\"")]
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
    [InlineData("{\"\\u00e4\":\"\\u0416 \\ud83d\\udd25 \\/ \\u0001\"}", """{"ä":"Ж 🔥 / \u0001"}""")]
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

    /// <summary>Asserts that the reader has consumed exactly the value, whatever its type.</summary>
    private static void AssertAtEnd(ref Utf8JsonReader reader)
    {
        Assert.Equal(0, reader.CurrentDepth);
        Assert.False(reader.Read());
    }
}
