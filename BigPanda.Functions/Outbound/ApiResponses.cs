using System.Net;
using System.Text;

namespace BigPanda.Functions.Outbound;

/// <summary>The one place that turns a response, or its absence, into an <see cref="ApiOutcome"/>.</summary>
internal static class ApiResponses
{
    private const int MaxDetail = 300;

    /// <param name="secrets">The secrets in the request, which the response may quote and the outcome must not show.</param>
    public static async Task<ApiOutcome> SendAsync(
        HttpClient client, HttpRequestMessage request, TimeProvider time, IReadOnlyList<string> secrets, ResponseRules rules,
        CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(client.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        // A request without a response may still be carried out: a retry, or a check of what came of it, has to wait for that.
        var settled = client.Timeout * 2;
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var result = Classify(response.StatusCode);
            var isOptional = result == ApiResult.Done && !rules.NeedsBody;
            var body = await ReadAsync(response.Content, client.MaxResponseContentBufferSize, isOptional, either.Token, cancellationToken);
            return Interpret(response, result, body, time, secrets, rules);
        }
        catch (HttpRequestException e)
        {
            return new ApiOutcome(ApiResult.Unavailable, null, $"no response: {e.Message}", MayHaveArrived(e) ? settled : null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ApiOutcome(ApiResult.Unavailable, null, $"no response within {client.Timeout.TotalSeconds:0} seconds", settled);
        }
    }

    /// <returns>The text; empty for an optional body that is cut off, too large or too slow.</returns>
    private static async Task<string> ReadAsync(
        HttpContent content, long limit, bool isOptional, CancellationToken late, CancellationToken cancellationToken)
    {
        try
        {
            await content.LoadIntoBufferAsync(limit, late);
            // Read as bytes: reading as text throws for an unknown charset.
            return Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync(late)).TrimStart('\uFEFF');
        }
        catch (Exception e) when (isOptional && !cancellationToken.IsCancellationRequested
            && e is HttpRequestException or IOException or OperationCanceledException)
        {
            return "";
        }
    }

    private static ApiOutcome Interpret(
        HttpResponseMessage response, ApiResult result, string body, TimeProvider time, IReadOnlyList<string> secrets, ResponseRules rules)
    {
        var status = (int)response.StatusCode;
        var error = FindError(result, status, response.Content.Headers.ContentType?.MediaType, body, rules.Check);
        if (result == ApiResult.Done && error is null)
            return new ApiOutcome(result, status, $"{status} {response.StatusCode}", null, body) { AnsweredAt = response.Headers.Date };
        var reading = error is null ? rules.Error?.Invoke(status, body) : null;
        var text = OneLine(Redact(secrets, reading?.Text ?? body));
        var detail = $"{status} {response.StatusCode}{(error is null ? "" : $", but {error}")}{(text.Length > 0 ? ": " + text : "")}";
        var meant = error is null ? reading?.Result ?? result : ApiResult.Unavailable;
        return new ApiOutcome(meant, reading?.Status ?? status, detail, RetryAfter.Of(response, time));
    }

    /// <summary>A web page is not the API's, even with an error status: the 404 of a gateway does not mean that the incident is unknown.</summary>
    private static string? FindError(ApiResult result, int status, string? mediaType, string body, ResponseCheck? check) => result switch
    {
        ApiResult.Done => check?.Invoke(status, mediaType, body),
        ApiResult.Conflict or ApiResult.NotFound or ApiResult.Rejected when IsPage(mediaType) => "the response is a web page, not the API's",
        _ => null,
    };

    private static bool MayHaveArrived(HttpRequestException e) =>
        e.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError);

    public static bool IsPage(string? mediaType) => mediaType is "text/html" or "application/xhtml+xml";

    public static ApiResult Classify(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => ApiResult.Done,
        // Redirects are not followed: they would send the key to another host.
        >= 300 and < 400 => ApiResult.Unavailable,
        401 or 403 => ApiResult.NotAllowed,
        404 => ApiResult.NotFound,
        409 => ApiResult.Conflict,
        408 or 425 or 429 => ApiResult.Unavailable,
        501 => ApiResult.Rejected,
        >= 500 => ApiResult.Unavailable,
        _ => ApiResult.Rejected,
    };

    /// <summary>Runs before the text is shortened: half a secret would not be found.</summary>
    private static string Redact(IReadOnlyList<string> secrets, string text) =>
        secrets.Aggregate(text, (rest, secret) => rest.Replace(secret, "[secret]", StringComparison.OrdinalIgnoreCase));

    /// <summary>Puts untrusted text, perhaps a proxy's HTML page, on one short line without control characters.</summary>
    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(c => !char.IsControl(c)));
        return line.Length <= MaxDetail ? line : line[..MaxDetail] + "…";
    }
}
