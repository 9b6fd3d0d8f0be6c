using System.Text;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

public sealed class RefusingWebhooksTests
{
    private const int Limit = 64 * 1024;

    private readonly Intake _intake = new(Limit);

    public static TheoryData<string, string?> Strangers => new()
    {
        { Intake.SourceId, null },
        { Intake.SourceId, "" },
        { Intake.SourceId, "Bearer" },
        { Intake.SourceId, "Bearer " },
        { Intake.SourceId, "Bearer wrong" },
        { Intake.SourceId, Intake.Token },
        { Intake.SourceId, $"Basic {Intake.Token}" },
        { Intake.SourceId, $"Bearer {Intake.Token}x" },
        { Intake.SourceId, $"Bearer {Intake.Token} {Intake.Token}" },
        { Intake.SourceId, $"Bearer\t{Intake.Token}" },
        { Intake.SourceId, $"Bearer {new string('x', 100_000)}" },
        { "other", $"Bearer {Intake.Token}" },
        { "Main", $"Bearer {Intake.Token}" },
        { "", $"Bearer {Intake.Token}" },
        { new string('m', 10_000), $"Bearer {Intake.Token}" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task An_unknown_caller_gets_401_and_no_body_is_read(string source, string? authorization)
    {
        var reference = await _intake.PostAsync(new UnreadStream(), 100, request => request.Headers.Authorization = "Bearer nonsense");

        var answer = await _intake.PostAsync(new UnreadStream(), 100, request => request.Headers.Authorization = authorization, source);

        answer.AssertProblem(401);
        Assert.Equal("Bearer", answer.Response.Headers.WWWAuthenticate);
        Assert.Equal(reference.Body, answer.Body);
        Assert.Equal(reference.Response.Headers.Select(header => $"{header}"), answer.Response.Headers.Select(header => $"{header}"));
        Assert.Empty(_intake.Bus.Sent);
    }

    [Fact]
    public async Task The_log_names_the_source_of_a_refused_webhook_and_never_the_id_that_was_guessed()
    {
        await _intake.PostAsync("{}"u8.ToArray());
        await _intake.PostAsync(Intake.Published, source: "a-guess");

        Assert.Equal(
            ["Refused a webhook for source main: not_an_incident", "Refused a webhook for source _unknown: unauthorized"],
            _intake.Log.Lines.Select(line => line.Text.Trim().Replace(". Further ones are logged once a minute", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_flood_of_refused_webhooks_is_one_log_line_a_minute_with_their_number()
    {
        for (var i = 0; i < 1000; i++)
            await _intake.PostAsync(Intake.Published, request => IntakeResponse.SetCaller(request, i), $"guess-{i}");
        Assert.Single(_intake.Log.Lines);

        _intake.Time.Advance(TimeSpan.FromMinutes(1));
        await _intake.PostAsync(Intake.Published, source: "guess");

        Assert.Equal("Refused a webhook for source _unknown: unauthorized; 999 more since the last line", _intake.Log.Lines.Last().Text.Trim());
    }

    [Fact]
    public async Task A_large_webhook_waits_for_others_and_is_answered_503_when_they_take_too_long()
    {
        var intake = new Intake(maxBodyBytes: 128 * 1024);
        using var first = await intake.Budget.TakeAsync(null, CancellationToken.None);
        using var second = await intake.Budget.TakeAsync(null, CancellationToken.None);
        var waiting = intake.PostAsync(new UnreadStream(), null);

        intake.Time.Advance(IntakeBudget.Patience.Still);

        var answer = await waiting;
        answer.AssertProblem(503);
        Assert.NotEmpty(answer.Response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public async Task Two_authorization_headers_are_none() =>
        (await _intake.PostAsync(new UnreadStream(), 100, request => request.Headers.Authorization = new([$"Bearer {Intake.Token}", $"Bearer {Intake.Token}"])))
            .AssertProblem(401);

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("application/json", null)]
    [InlineData("application/json", "")]
    [InlineData("application/json", "identity")]
    [InlineData("application/json", "IDENTITY")]
    [InlineData("application/json; charset=utf-8", null)]
    [InlineData("Application/JSON;Charset=\"UTF-8\"", null)]
    [InlineData("application/json;charset=utf8", null)]
    [InlineData("application/json; profile=\"x\"", null)]
    [InlineData("application/vnd.bigpanda.incident+json", null)]
    [InlineData("application/json;", null)]
    [InlineData("application/json ; ", null)]
    [InlineData("application/json;;charset=utf-8;", null)]
    [InlineData("application/json; charset=", null)]
    [InlineData("application/json; charset", null)]
    [InlineData("application/json; charset = utf-8", null)]
    [InlineData("application/json; charset='utf-8'", null)]
    [InlineData("application/json; charset=UTF_8", null)]
    [InlineData("application/json; charset=us-ascii", null)]
    [InlineData("application/json; charset=\"US-ASCII\"; q=1", null)]
    [InlineData("application/json; x=\"a;b\"; charset=ascii", null)]
    [InlineData("APPLICATION/PROBLEM+JSON; charset=Utf8", null)]
    [InlineData("; charset=utf-8", null)]
    [InlineData("application/json", "UTF-8")]
    [InlineData("application/json", "utf8")]
    [InlineData("application/json", "identity, identity")]
    [InlineData("application/json", " Identity ,")]
    public async Task Json_in_utf8_is_taken_however_it_is_announced(string? type, string? encoding) =>
        Assert.Equal(202, (await _intake.PostAsync(Intake.Published, request => Announce(request, type, encoding))).Status);

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("text/json", null)]
    [InlineData("application/xml", null)]
    [InlineData("application/x-www-form-urlencoded", null)]
    [InlineData("multipart/form-data; boundary=x", null)]
    [InlineData("application/jsonp", null)]
    [InlineData("json", null)]
    [InlineData("*/*", null)]
    [InlineData("application/json, text/plain", null)]
    [InlineData("text/plain; x=application/json", null)]
    [InlineData("+json", null)]
    [InlineData("application/json; charset=utf-7", null)]
    [InlineData("application/json; charset=utf-8; charset=utf-16", null)]
    [InlineData("application/json", "utf-8, br")]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/json; charset=iso-8859-1", null)]
    [InlineData("application/json", "gzip")]
    [InlineData("application/json", "br")]
    [InlineData("application/json", "deflate")]
    [InlineData("application/json", "zstd")]
    [InlineData("application/json", "identity, gzip")]
    [InlineData("application/json", "nonsense")]
    public async Task Anything_else_gets_415_and_is_not_read(string type, string? encoding)
    {
        var answer = await _intake.PostAsync(new UnreadStream(), 100, request => Announce(request, type, encoding));

        answer.AssertProblem(415);
        Assert.Empty(_intake.Bus.Sent);
    }

    [Fact]
    public async Task A_body_that_announces_to_be_too_long_gets_413_and_is_not_read()
    {
        var answer = await _intake.PostAsync(new UnreadStream(), Limit + 1);

        Assert.Equal(Limit, answer.AssertProblem(413).Json.GetProperty("limit").GetInt32());
        Assert.Empty(_intake.Bus.Sent);
    }

    [Theory]
    [InlineData(null, 1000)]
    [InlineData(null, int.MaxValue)]
    [InlineData(10L, 1000)]
    [InlineData((long)Limit, int.MaxValue)]
    public async Task A_body_that_turns_out_too_long_gets_413_and_is_not_read_further(long? announced, int piece)
    {
        var body = new PieceByPieceStream(new byte[10 * Limit], piece);

        var answer = await _intake.PostAsync(body, announced);

        answer.AssertProblem(413);
        Assert.InRange(body.Taken, Limit + 1, Limit + 1);
        Assert.Empty(_intake.Bus.Sent);
    }

    [Theory]
    [InlineData(0, 202)]
    [InlineData(1, 413)]
    public async Task A_body_may_have_as_many_bytes_as_the_limit_says(int more, int status)
    {
        var body = Encoding.UTF8.GetBytes("""{"incident":{"id":"i"}}""".PadRight(Limit + more));

        Assert.Equal(status, (await _intake.PostAsync(body)).Status);
        Assert.Equal(status, (await _intake.PostAsync(new PieceByPieceStream(body, 5000), length: null)).Status);
    }

    [Fact]
    public async Task A_body_shorter_than_announced_is_not_json() =>
        (await _intake.PostAsync(new MemoryStream(Intake.Published[..100]), Intake.Published.Length)).AssertProblem(400);

    [Theory]
    [InlineData("", 1, 0)]
    [InlineData("{", 1, 1)]
    [InlineData("{\n  \"incident\": }", 2, 14)]
    [InlineData("{\"incident\":{\"id\":\"i\"}}}", 1, 23)]
    public async Task What_is_not_json_gets_400_with_its_place(string body, int line, int position)
    {
        var answer = (await _intake.PostAsync(Encoding.UTF8.GetBytes(body))).AssertProblem(400);

        Assert.Equal((line, position), (answer.Json.GetProperty("line").GetInt32(), answer.Json.GetProperty("position").GetInt32()));
        Assert.Contains($"Line {line}, byte {position}", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Empty(_intake.Bus.Sent);
    }

    [Theory]
    [InlineData("[]", "$")]
    [InlineData("{}", "incident")]
    [InlineData("""{"incident":{"id":7}}""", "incident.id")]
    [InlineData("""{"incident":{"id":".."}}""", "incident.id")]
    public async Task What_is_no_incident_gets_422_with_its_field(string body, string field)
    {
        var answer = (await _intake.PostAsync(Encoding.UTF8.GetBytes(body))).AssertProblem(422);

        Assert.Equal(field, answer.Text("field"));
        Assert.Empty(_intake.Bus.Sent);
    }

    [Fact]
    public async Task What_was_sent_is_never_repeated_in_an_answer()
    {
        foreach (var body in (string[])["{\"incident\":{\"id\":\"s3cret\"},}", "{\"incident\":{\"id\":7,\"active\":\"s3cret\"}}", "s3cret"])
        {
            var answer = await _intake.PostAsync(Encoding.UTF8.GetBytes(body));
            Assert.DoesNotContain("s3cret", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(408)]
    [InlineData(413)]
    public async Task A_request_that_breaks_off_gets_the_status_the_server_gives_it(int status) =>
        (await _intake.PostAsync(new BrokenStream(new BadHttpRequestException("Reading the request body timed out.", status)), 100)).AssertProblem(status);

    private static void Announce(HttpRequest request, string? type, string? encoding)
    {
        request.ContentType = type;
        if (encoding is not null) request.Headers.ContentEncoding = encoding;
    }
}
