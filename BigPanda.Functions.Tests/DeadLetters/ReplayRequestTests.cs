using System.Text;
using BigPanda.Functions.DeadLetters;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.DeadLetters;

/// <summary>Which dead letters a request names, and what is wrong with one that cannot be read.</summary>
public sealed class ReplayRequestTests
{
    private const string Run = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("""{"queue":"alert-events","ids":[3,"1",2,"3"]}""", "alert-events 1,2,3 0 False ")]
    [InlineData(
        """{"queue":"BigPanda-Actions","ids":["9223372036854775807"],"dryRun":true,"actor":"ada"}""", "bigpanda-actions 9223372036854775807 0 True ada")]
    [InlineData("""{"queue":"alert-events","ids":[1],"all":false,"continuation":"","dryRun":false}""", "alert-events 1 0 False ")]
    [InlineData("""{"queue":"pagerduty-events","all":true}""", "pagerduty-events all 0 False ")]
    [InlineData("""{"queue":"pagerduty-events","all":true,"continuation":"0123456789abcdef0123456789abcdef-17"}""", "pagerduty-events all 17 False ")]
    public async Task The_dead_letters_are_named_or_all(string json, string expected)
    {
        var (request, problem) = await ReadAsync(json);

        Assert.Null(problem);
        var ids = request?.Ids is { } named ? string.Join(',', named) : "all";
        Assert.Equal(expected, $"{request?.Queue} {ids} {request?.Position.After} {request?.DryRun} {request?.Actor}");
    }

    [Theory]
    [InlineData("""{"ids":[1]}""", "queue must be alert-events, bigpanda-actions, pagerduty-actions, pagerduty-events or bigpanda-alerts.")]
    [InlineData("""{"queue":"alert-events"}""", "Name the dead letters with ids, or replay every one with \"all\": true, and not both.")]
    [InlineData(
        """{"queue":"alert-events","ids":[1],"all":true}""", "Name the dead letters with ids, or replay every one with \"all\": true, and not both.")]
    [InlineData("""{"queue":"alert-events","ids":[1],"actor":"a\nb"}""", "actor must have at most 200 characters and no control characters.")]
    [InlineData("""{"queue":"alert-events","ids":[1],"continuation":"x"}""", "continuation belongs to \"all\": true.")]
    [InlineData("""{"queue":"alert-events","all":true,"continuation":"x"}""", "Invalid continuation. Omit it to start from the first dead letter.")]
    [InlineData("[1]", "The body must be an object")]
    public async Task What_cannot_be_read_is_said(string json, string detail)
    {
        var (request, problem) = await ReadAsync(json);

        Assert.Null(request);
        Assert.StartsWith(detail, await problem.DetailAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"1\"")]
    [InlineData("[0]")]
    [InlineData("[-1]")]
    [InlineData("[1.5]")]
    [InlineData("[\"+1\"]")]
    [InlineData("[\" 1\"]")]
    [InlineData("[1,null]")]
    [InlineData("[1,[2]]")]
    [InlineData("[\"9223372036854775808\"]")]
    public async Task Ids_are_positive_numbers(string ids)
    {
        var (request, problem) = await ReadAsync($$"""{"queue":"alert-events","ids":{{ids}}}""");

        Assert.Null(request);
        Assert.Equal("ids must be a list of 1 to 500 ids of GET /dead-letters, which are positive numbers.", await problem.DetailAsync());
    }

    [Theory]
    [InlineData(500, 200, true)]
    [InlineData(501, 200, false)]
    [InlineData(500, 201, false)]
    public async Task A_request_is_bounded(int ids, int actor, bool isRead)
    {
        var (request, _) = await ReadAsync(
            $$"""{"queue":"alert-events","ids":[{{string.Join(',', Enumerable.Range(1, ids))}}],"actor":"{{new string('a', actor)}}"}""");

        Assert.Equal(isRead, request is not null);
    }

    [Theory]
    [InlineData(Run + "-0", 0L)]
    [InlineData(Run + "-17", 17L)]
    [InlineData("0123456789ABCDEF0123456789abcdef-17", null)]
    [InlineData("0123456789abcdef0123456789abcde-17", null)]
    [InlineData("0123456789abcdef0123456789abcdef0-17", null)]
    [InlineData(Run + "--17", null)]
    [InlineData(Run + "-17-1", null)]
    [InlineData(Run + "-", null)]
    [InlineData(Run, null)]
    public void A_position_is_read_as_it_is_written(string text, long? after)
    {
        var position = ReplayPosition.Parse(text);

        Assert.Equal(after, position?.After);
        if (after is not null) Assert.Equal(text, position?.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_position_a_new_replay_begins_at_the_first(string? text)
    {
        var (one, other) = (ReplayPosition.Parse(text), ReplayPosition.Parse(text));

        Assert.Equal(0, one?.After);
        Assert.NotEqual(one?.Run, other?.Run);
        Assert.Equal(one, ReplayPosition.Parse($"{one}"));
    }

    private static Task<(ReplayRequest? Request, IResult? Problem)> ReadAsync(string json) => ReplayRequest.ReadAsync(
        new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(json)), ContentType = "application/json" } }.Request,
        CancellationToken.None);
}
