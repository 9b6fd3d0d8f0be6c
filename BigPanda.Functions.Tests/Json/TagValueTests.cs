using System.Text.Json;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Tests.Json;

public sealed class TagValueTests
{
    [Theory]
    [InlineData("\"a \\\"b\\\" ä\\n\"", "a \"b\" ä\n")]
    [InlineData("\"\"", "")]
    [InlineData("1000", "1000")]
    [InlineData("1e400", "1e400")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("[\"a\",1]", "[\"a\",1]")]
    public void For_people_text_loses_its_quotes(string json, string text) => Assert.Equal(text, new TagValue(json).Text);

    [Theory]
    [InlineData("")]
    [InlineData("a \"b\" \\ \n \0 ä 🔥 </script>")]
    public void Text_comes_back_as_it_was(string text) => Assert.Equal(text, TagValue.Of(text).Text);

    [Theory]
    [InlineData("\"a \\ud83d b\"", "a \uFFFD b")]
    [InlineData("\"a \\udd25\"", "a \uFFFD")]
    public void Half_a_surrogate_pair_does_not_keep_a_value_from_being_read(string json, string text)
    {
        Assert.Equal(text, new TagValue(json).Text);
        Assert.Equal([text, "b"], new TagValue($"[{json},\"b\"]").Values.Select(value => value.Text));
        Assert.Equal("a\uFFFD", TagValue.Of("a\uD83D").Text);
        Assert.Equal(["a\uFFFD"], TagValue.OfList([TagValue.Of("a\uD83D")]).Values.Select(value => value.Text));
    }

    [Fact]
    public void A_value_that_was_never_set_is_null() => Assert.Equal("null", default(TagValue).Text);

    [Theory]
    [InlineData("\"a\"")]
    [InlineData("1e400")]
    [InlineData("12345678901234567890123")]
    [InlineData("null")]
    [InlineData("[1,\"a\",null]")]
    public void A_stored_value_is_the_same_json_again(string json)
    {
        var alert = new Alert { IncidentId = "i", Content = new AlertContent { Tags = new Dictionary<string, TagValue> { ["t"] = new(json) } } };

        var stored = JsonSerializer.Serialize(alert, StoredAlertJson.Default.Alert);

        Assert.Equal(json, JsonSerializer.Deserialize(stored, StoredAlertJson.Default.Alert)?.Content.Tags["t"].Json);
    }
}
