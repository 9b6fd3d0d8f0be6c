using System.Net;
using System.Net.Http.Headers;
using System.Text;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Tests.Outbound;

public sealed class ApiResponsesTests
{
    private const string Secret = "BPU-the-secret-of-this-call";

    private static readonly DateTimeOffset Now = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Done", 200, 201, 202, 204, 299)]
    [InlineData("NotAllowed", 401, 403)]
    [InlineData("NotFound", 404)]
    [InlineData("Conflict", 409)]
    [InlineData("Rejected", 100, 199, 400, 402, 405, 410, 413, 422, 501)]
    [InlineData("Unavailable", 300, 301, 302, 303, 307, 308, 408, 425, 429, 500, 502, 503, 504, 520, 599)]
    public void Each_status_has_its_outcome(string result, params int[] statuses) =>
        Assert.All(statuses, status => Assert.Equal(result, ApiResponses.Classify((HttpStatusCode)status).ToString()));

    [Fact]
    public async Task The_response_text_is_quoted_on_one_short_line()
    {
        var outcome = await SendAsync(Answer(401, "<html>\r\n<h1>401\tAuthorization\0 Required</h1>\u001b[31m" + new string('x', 1000)));

        Assert.StartsWith("401 Unauthorized: <html> <h1>401 Authorization Required</h1>[31mxxx", outcome.Detail, StringComparison.Ordinal);
        Assert.InRange(outcome.Detail.Length, 300, 330);
        Assert.EndsWith("…", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_quoted_of_a_success() => Assert.Equal("202 Accepted", (await SendAsync(Answer(202, "{\"data\":{}}"))).Detail);

    [Theory]
    [InlineData("text/html; charset=nonsense")]
    [InlineData("text/html; charset=\"utf-8\"")]
    [InlineData("text/html; charset=utf-16")]
    public async Task An_unknown_charset_does_no_harm(string type)
    {
        var answer = Answer(503, "busy");
        answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        Assert.Equal(ApiResult.Unavailable, (await SendAsync(answer)).Result);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_do_no_harm()
    {
        var answer = new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new ByteArrayContent([0xFF, 0xFE, 0x00, 0xC3, 0x41]) };

        Assert.Equal(ApiResult.Unavailable, (await SendAsync(answer)).Result);
    }

    [Fact]
    public async Task A_response_without_a_body_is_a_response()
    {
        Assert.Equal("404 NotFound", (await SendAsync(new HttpResponseMessage(HttpStatusCode.NotFound))).Detail);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData(" 7 ", 7)]
    [InlineData("6.5", 7)]
    [InlineData(".2", 1)]
    [InlineData("7.", 7)]
    [InlineData("7200", 7200)]
    [InlineData("86400", 86400)]
    [InlineData("1209600", 14 * 86400)]
    [InlineData("1209601", 14 * 86400)]
    [InlineData("99999999999", 14 * 86400)]
    [InlineData("99999999999999999999999999999999999999999", 14 * 86400)]
    [InlineData("120s", 120)]
    [InlineData("120 seconds", 120)]
    [InlineData("0", null)]
    [InlineData("0.0", null)]
    [InlineData("-5", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("", null)]
    [InlineData("2026-11-01T10:00:30Z", 30)]
    [InlineData("2026-11-01T11:00:30.5+01:00", 31)]
    [InlineData("Sunday, 01-Nov-26 10:00:30 GMT", 30)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", 14 * 86400)]
    [InlineData("Sun, 01 Nov 2026 10:00:30 GMT", 30)]
    [InlineData("Sun, 01 Nov 2026 09:00:00 GMT", null)]
    [InlineData("Sun Nov  1 10:00:30 2026", 30)]
    [InlineData("60, 120", 120)]
    [InlineData("6.5,soon", 7)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task Retry_after_is_read_as_it_was_sent_and_never_shortened_below_two_weeks(string? header, int? seconds)
    {
        var answer = Answer(429, "");
        if (header is not null) answer.Headers.TryAddWithoutValidation("Retry-After", header);

        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, (await SendAsync(answer)).RetryAfter);
    }

    [Fact]
    public async Task The_date_to_come_back_at_counts_from_the_answers_own_date()
    {
        var answer = Answer(503, "");
        answer.Headers.TryAddWithoutValidation("Date", "Sun, 01 Nov 2026 09:59:00 GMT");
        answer.Headers.TryAddWithoutValidation("Retry-After", "Sun, 01 Nov 2026 10:00:30 GMT");

        Assert.Equal(TimeSpan.FromSeconds(90), (await SendAsync(answer)).RetryAfter);
    }

    [Theory]
    [InlineData("Sun, 01 Nov 2026 09:59:00 GMT", -60)]
    [InlineData("yesterday", null)]
    [InlineData(null, null)]
    public async Task What_succeeded_has_the_time_of_the_api(string? date, int? seconds)
    {
        var answer = Answer(200, "{}");
        if (date is not null) answer.Headers.TryAddWithoutValidation("Date", date);

        var expected = new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero).AddSeconds(seconds ?? 0);
        Assert.Equal(seconds is null ? null : expected, (await SendAsync(answer)).AnsweredAt);
    }

    [Fact]
    public async Task Of_several_times_to_come_back_at_the_latest_counts()
    {
        var answer = Answer(503, "");
        answer.Headers.TryAddWithoutValidation("Retry-After", ["5", "30", "soon"]);

        Assert.Equal(TimeSpan.FromSeconds(30), (await SendAsync(answer)).RetryAfter);
    }

    [Theory]
    [InlineData(200, "Unavailable")]
    [InlineData(400, "Unavailable")]
    [InlineData(404, "Unavailable")]
    [InlineData(405, "Unavailable")]
    [InlineData(409, "Unavailable")]
    [InlineData(401, "NotAllowed")]
    [InlineData(403, "NotAllowed")]
    public async Task A_web_page_is_not_the_response_of_an_API(int status, string result)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("<html>Sign in</html>", Encoding.UTF8, "text/html") };

        var outcome = await SendAsync(_ => answer, check: BigPandaResponses.Acknowledgement);

        Assert.Equal(result, outcome.Result.ToString());
        Assert.Contains("<html>Sign in</html>", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_not_part_of_the_response()
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([0xEF, 0xBB, 0xBF, (byte)'[', (byte)']']) };

        Assert.Equal("[]", (await SendAsync(_ => answer, check: BigPandaResponses.Array)).Body);
    }

    [Fact]
    public async Task A_missing_response_is_an_outage()
    {
        Assert.Equal(ApiResult.Unavailable, (await SendAsync(_ => throw new HttpRequestException("connection refused"))).Result);
        Assert.Equal(ApiResult.Unavailable, (await SendAsync(_ => throw new TaskCanceledException())).Result);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, null)]
    [InlineData(HttpRequestError.ConnectionError, null)]
    [InlineData(HttpRequestError.SecureConnectionError, null)]
    [InlineData(HttpRequestError.ResponseEnded, 200)]
    [InlineData(HttpRequestError.Unknown, 200)]
    public async Task A_missing_response_says_why_and_waits_if_the_request_may_have_arrived(HttpRequestError error, int? seconds) => Assert.Equal(
        new ApiOutcome(ApiResult.Unavailable, null, "no response: no luck", seconds is { } wait ? TimeSpan.FromSeconds(wait) : null),
        await SendAsync(_ => throw new HttpRequestException(error, "no luck")));

    [Fact]
    public async Task A_timeout_says_how_long_and_waits_twice_as_long() => Assert.Equal(
        new ApiOutcome(ApiResult.Unavailable, null, "no response within 100 seconds", TimeSpan.FromSeconds(200)),
        await SendAsync(_ => throw new TaskCanceledException()));

    [Fact]
    public async Task Only_a_success_has_a_body()
    {
        Assert.Equal(new ApiOutcome(ApiResult.Done, 202, "202 Accepted", null, "{}"), await SendAsync(Answer(202, "{}")));
        Assert.Equal(new ApiOutcome(ApiResult.Conflict, 409, "409 Conflict: {}"), await SendAsync(Answer(409, "{}")));
    }

    [Fact]
    public async Task A_success_that_fails_the_check_is_an_outage_and_says_why()
    {
        var outcome = await SendAsync(_ => Answer(200, "hello"), check: (status, mediaType, body) => $"{status} {mediaType} {body} is not it");

        Assert.Equal(new ApiOutcome(ApiResult.Unavailable, 200, "200 OK, but 200 text/plain hello is not it: hello"), outcome);
        Assert.Equal(ApiResult.Done, (await SendAsync(_ => Answer(200, "hello"), check: (_, _, _) => null)).Result);
        Assert.Equal("400 BadRequest: hello", (await SendAsync(_ => Answer(400, "hello"), check: (_, _, _) => "not asked")).Detail);
    }

    [Theory]
    [InlineData("text/html", "404 NotFound, but the response is a web page, not the API's: <html>")]
    [InlineData("application/xhtml+xml", "404 NotFound, but the response is a web page, not the API's: <html>")]
    [InlineData("application/json", "404 NotFound: <html>")]
    public async Task A_web_page_is_named_in_the_detail(string type, string detail)
    {
        var answer = Answer(404, "<html>");
        answer.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        Assert.Equal(detail, (await SendAsync(answer)).Detail);
    }

    [Theory]
    [InlineData(300, false)]
    [InlineData(301, true)]
    public async Task The_quoted_text_has_300_characters_at_most(int length, bool isCut) =>
        Assert.Equal($"400 BadRequest: {new string('x', 300)}{(isCut ? "…" : "")}", (await SendAsync(Answer(400, new string('x', length)))).Detail);

    [Fact]
    public async Task A_secret_is_replaced_in_the_detail() =>
        Assert.Equal("401 Unauthorized: key [secret] has expired", (await SendAsync(Answer(401, $"key {Secret} has expired"))).Detail);

    [Fact]
    public async Task A_response_that_is_too_long_is_an_outage() =>
        Assert.Equal(ApiResult.Unavailable, (await SendAsync(Answer(500, new string('x', 100_000)))).Result);

    [Fact]
    public async Task The_callers_own_cancellation_is_not_an_outage() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => SendAsync(token => throw new OperationCanceledException(token), null, new CancellationToken(true)));

    [Fact]
    public async Task A_secret_is_not_quoted_whole_or_in_part()
    {
        for (var before = 260; before < 300; before++)
        {
            var outcome = await SendAsync(Answer(401, new string('x', before) + $" {Secret.ToUpperInvariant()} {Secret} has expired"));

            Assert.DoesNotContain(Secret[..4], outcome.Detail, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static HttpResponseMessage Answer(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8) };

    private static Task<ApiOutcome> SendAsync(HttpResponseMessage answer) => SendAsync(_ => answer);

    private static async Task<ApiOutcome> SendAsync(
        Func<CancellationToken, HttpResponseMessage> answer, ResponseCheck? check = null, CancellationToken cancellationToken = default)
    {
        using var client = new HttpClient(new Scripted(answer)) { MaxResponseContentBufferSize = 50_000 };
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example/");
        return await ApiResponses.SendAsync(client, request, new Clock(), [Secret], new ResponseRules(check), cancellationToken);
    }

    private sealed class Scripted(Func<CancellationToken, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(cancellationToken));
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
