using System.Text;
using System.Text.Json;
using BigPanda.Functions.Alerts.Api;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Alerts.Api;

/// <summary>What a person may say, and under which name.</summary>
public sealed class AlertRequestTests
{
    [Theory]
    [InlineData(4000, 200, "")]
    [InlineData(4001, 200, "comment must have at most 4000 characters.")]
    [InlineData(4000, 201, "actor must have at most 200 characters and no control characters.")]
    public async Task Texts_are_bounded(int comment, int actor, string error)
    {
        var (request, said) = await ReadAsync(new string('c', comment), new string('a', actor));

        Assert.Equal((error, error.Length == 0), (said, request is not null));
    }

    [Fact]
    public async Task A_name_has_no_control_characters() =>
        Assert.Equal("actor must have at most 200 characters and no control characters.", (await ReadAsync("text", "a\nb")).Error);

    [Theory]
    [InlineData(" text\n", " ada ", "text", "ada", "ada")]
    [InlineData(" ", "\t", null, null, "an API caller")]
    [InlineData(null, null, null, null, "an API caller")]
    public async Task Space_around_a_text_does_not_count(string? comment, string? actor, string? text, string? name, string by)
    {
        var (request, _) = await ReadAsync(comment, actor);

        Assert.Equal((text, name, by), (request?.Comment, request?.Actor, request?.By));
    }

    [Fact]
    public async Task A_body_that_is_no_request_is_answered_with_an_example() => Assert.Contains(
        "{\"comment\": \"…\", \"actor\": \"…\"}", (await ReadAsync("[]")).Error, StringComparison.Ordinal);

    private static Task<(AlertRequest? Request, string Error)> ReadAsync(string? comment, string? actor) =>
        ReadAsync(JsonSerializer.Serialize(new Dictionary<string, string?> { ["comment"] = comment, ["actor"] = actor }));

    private static Task<(AlertRequest? Request, string Error)> ReadAsync(string json) => AlertRequest.ReadAsync(
        new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(json)), ContentType = "application/json" } }.Request,
        CancellationToken.None);
}
