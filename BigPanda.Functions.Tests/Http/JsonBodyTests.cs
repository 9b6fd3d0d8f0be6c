using System.Text;
using System.Text.Json;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Http;
using BigPanda.Functions.Vendors.PagerDuty.Connection;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Http;

public sealed class JsonBodyTests
{
    [Theory]
    [InlineData("""{"comment":"x","actor":"ada"}""")]
    [InlineData("""{"Comment":"x","ACTOR":"ada"}""")]
    [InlineData("\uFEFF{\"comment\":\"x\",\"actor\":\"ada\"}")]
    [InlineData("""{"c\u006fmment":"x","actor":"ada"}""")]
    public async Task Names_in_any_case_and_a_byte_order_mark_are_read(string json)
    {
        var (value, error) = await ReadAsync(json);

        Assert.Equal((("x", "ada"), ""), ((value?.Comment, value?.Actor), error));
    }

    [Theory]
    [InlineData("""{"comments":"x"}""", "unknown member \"comments\"")]
    [InlineData("""{"comment":"x","by":"ada"}""", "unknown member \"by\"")]
    [InlineData("""{"comment":"x","incident":{"id":[1,2]},"actor":"ada"}""", "unknown member \"incident\"")]
    [InlineData("""{"":1}""", "unknown member \"\"")]
    [InlineData("""{"a\u001bb":1}""", "unknown member \"a?b\"")]
    [InlineData("""{"comment":"x","Comment":"y"}""", "member \"Comment\" more than once")]
    [InlineData("""{"comment":1}""", "comment has a value of the wrong type: {…}.")]
    [InlineData("""{"comment":"x","ACTOR":["ada"]}""", "ACTOR has a value of the wrong type: {…}.")]
    [InlineData("""{"comment":"x"} 1""", "must be JSON")]
    [InlineData("""{"comment":"\uD800"}""", "half a character")]
    [InlineData("""{"comment":[{"\udc00":"x"}]}""", "half a character")]
    [InlineData("""["comment"]""", "must be an object")]
    [InlineData("null", "must be an object")]
    [InlineData("{", "must be JSON")]
    [InlineData("""{"comment":1""", "must be JSON")]
    [InlineData("comment", "must be JSON")]
    public async Task What_cannot_be_used_is_named(string json, string error)
    {
        var (value, said) = await ReadAsync(json);

        Assert.Null(value);
        Assert.Contains(error, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_body_is_called_so()
    {
        var request = Request("\u001f\u008b");
        request.Headers.ContentEncoding = "gzip";

        var (_, error) = await JsonBody.ReadAsync(request, AlertRequestJson.Default.AlertRequest, "{…}", CancellationToken.None);

        Assert.Equal("The body must be JSON, not compressed: {…}.", error);
    }

    /// <summary>Members whose own members are read one by one, after the body.</summary>
    [Theory]
    [InlineData("""{"\ud800":1}""", false)]
    [InlineData("""{"a":["\udc00"]}""", false)]
    [InlineData("""{"a":{"b":[{"c":"x\ud83d"}]}}""", false)]
    [InlineData("""{"a":["\ud83d\ude00"],"b":{}}""", true)]
    public async Task Half_a_character_is_refused_at_any_depth(string routingKeys, bool isRead)
    {
        var json = $$"""{"routingKeys":{{routingKeys}},"actor":"ada"}""";

        var (value, _) = await JsonBody.ReadAsync(Request(json), PagerDutyConnectionJson.Default.PagerDutyRequest, "{…}", CancellationToken.None);

        Assert.Equal(isRead, value is not null);
    }

    [Theory]
    [InlineData('п')]
    [InlineData('火')]
    [InlineData('x')]
    public async Task The_longest_comment_and_actor_fit_however_a_library_escapes_them(char letter)
    {
        var escaped = string.Concat(Enumerable.Repeat($"\\u{(int)letter:x4}", 4000));
        var (value, error) = await ReadAsync($$"""{"comment":"{{escaped}}","actor":"{{escaped[..1200]}}"}""");

        Assert.Equal((4000, 200, ""), (value?.Comment?.Length, value?.Actor?.Length, error));
    }

    [Theory]
    [InlineData("ada\nx")]
    [InlineData("ada\u001b[31m")]
    [InlineData("a\u0085da")]
    public async Task An_actor_has_no_control_characters(string actor)
    {
        var (order, error) = await AlertRequest.ReadAsync(Request(JsonSerializer.Serialize(new { actor, comment = "y" })), CancellationToken.None);

        Assert.Null(order);
        Assert.Equal("actor must have at most 200 characters and no control characters.", error);
    }

    private static Task<(AlertRequest? Value, string Error)> ReadAsync(string json) =>
        JsonBody.ReadAsync(Request(json), AlertRequestJson.Default.AlertRequest, "{…}", CancellationToken.None);

    private static HttpRequest Request(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return new DefaultHttpContext { Request = { Body = new MemoryStream(body), ContentLength = body.Length } }.Request;
    }
}
