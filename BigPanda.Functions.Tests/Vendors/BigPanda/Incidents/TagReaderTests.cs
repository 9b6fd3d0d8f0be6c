using System.Text;
using System.Text.Json;
using BigPanda.Functions.Json;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Incidents;

public sealed class TagReaderTests
{
    [Theory]
    [InlineData("""[{"name":"host","value":"db1"},{"name":"check","value":5}]""", "host='db1' check=5")]
    [InlineData("""[{"id":"x","name":"host","value":"db1"}]""", "host='db1'")]
    [InlineData("""[{"id":"host","value":"db1"}]""", "host='db1'")]
    [InlineData("""[{"value":"db1","key":"host"}]""", "host='db1'")]
    [InlineData("""[{"name":"host"}]""", "host=null")]
    [InlineData("""[{"name":7,"value":1}]""", "7=1")]
    [InlineData("""[{"value":"db1"},{"name":"","value":1},{"name":null,"value":1},[],5,null,{}]""", "")]
    [InlineData(
        """{"host":"db1","n":5,"inner":{"a":["\u00e4"]},"list":["a","b"],"none":null}""",
        """host='db1' n=5 inner='{\'a\':[\'ä\']}' list=['a','b'] none=null""")]
    [InlineData("""[{"host":"db1"},{"check":"cpu","n":5}]""", "host='db1' check='cpu' n=5")]
    [InlineData(
        """["host:db1","check=cpu"," runbook : https://wiki.example/a=b ","no separator",":x","=x","https://wiki.example"]""",
        "host='db1' check='cpu' runbook='https://wiki.example/a=b'")]
    [InlineData("""["a=b:c","a:="]""", "a=['b:c','=']")]
    [InlineData("""[{"name":"host","value":"db1"},{"name":"host","value":"db2"},{"name":"host","value":"db1"}]""", "host=['db1','db2']")]
    [InlineData("""[{"name":"t","value":["a"]},{"name":"t","value":["a","b"]},{"name":"t","value":7}]""", "t=['a','b',7]")]
    [InlineData("""{"host":"db1","host":"db2"}""", "host=['db1','db2']")]
    [InlineData("[]", "")]
    [InlineData("{}", "")]
    public void Tags_are_read_in_every_layout(string json, string tags) =>
        Assert.Equal(tags, string.Join(' ', (Read(json) ?? []).Select(tag => $"{tag.Key}={tag.Value.Json}")).Replace('"', '\''));

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\"host:db1\"")]
    [InlineData("5")]
    public void What_is_neither_a_list_nor_an_object_says_nothing_of_tags(string json) => Assert.Null(Read(json));

    private static Dictionary<string, TagValue>? Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        var tags = TagReader.Read(ref reader, "name");
        Assert.Equal(0, reader.CurrentDepth);
        Assert.False(reader.Read());
        return tags;
    }
}
