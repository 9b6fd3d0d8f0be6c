using System.Net;
using System.Text;

namespace BigPanda.Functions.Http;

/// <summary>The one place where a call's answer, or its absence, becomes an <see cref="ApiOutcome"/>.</summary>
internal static class ApiResponses
{
    private const int MaxDetail = 300;

    /// <param name="secrets">What the request carries and must not be shown; the other side may quote it.</param>
    /// <param name="check">Without one every 2xx counts.</param>
    public static async Task<ApiOutcome> SendAsync(
        HttpClient client, HttpRequestMessage request, TimeProvider time, IReadOnlyList<string> secrets, ResponseCheck? check, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var (status, result) = ((int)response.StatusCode, Classify(response.StatusCode));
            // Not as text: an unknown charset would make that throw.
            var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)).TrimStart('\uFEFF');
            var error = FindError(result, status, response.Content.Headers.ContentType?.MediaType, body, check);
            if (result == ApiResult.Done && error is null) return new ApiOutcome(result, status, $"{status} {response.StatusCode}", null, body);
            var said = OneLine(Without(secrets, body));
            var detail = $"{status} {response.StatusCode}{(error is null ? "" : $", but {error}")}{(said.Length > 0 ? ": " + said : "")}";
            return new ApiOutcome(error is null ? result : ApiResult.Unavailable, status, detail, RetryAfter.Of(response.Headers, time));
        }
        catch (HttpRequestException e)
        {
            return new ApiOutcome(ApiResult.Unavailable, null, $"no answer: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ApiOutcome(ApiResult.Unavailable, null, $"no answer within {client.Timeout.TotalSeconds:0} seconds");
        }
    }

    /// <summary>An API answers what it refuses in its own form, too: a page is that of something in between, whose 404 says nothing of what was asked for.</summary>
    private static string? FindError(ApiResult result, int status, string? mediaType, string body, ResponseCheck? check) => result switch
    {
        ApiResult.Done => check?.Invoke(status, mediaType, body),
        ApiResult.Conflict or ApiResult.NotFound or ApiResult.Rejected when IsPage(mediaType) => "the answer is a web page and not the API's",
        _ => null,
    };

    public static bool IsPage(string? mediaType) => mediaType is "text/html" or "application/xhtml+xml";

    public static ApiResult Classify(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => ApiResult.Done,
        // Redirects are not followed: they would carry the key to another host.
        >= 300 and < 400 => ApiResult.Unavailable,
        401 or 403 => ApiResult.NotAllowed,
        404 => ApiResult.NotFound,
        409 => ApiResult.Conflict,
        408 or 425 or 429 => ApiResult.Unavailable,
        501 => ApiResult.Rejected,
        >= 500 => ApiResult.Unavailable,
        _ => ApiResult.Rejected,
    };

    /// <summary>Before anything is cut off: half a secret would not be found.</summary>
    private static string Without(IReadOnlyList<string> secrets, string text) =>
        secrets.Aggregate(text, (rest, secret) => rest.Replace(secret, "[secret]", StringComparison.OrdinalIgnoreCase));

    /// <summary>What the other side said, on one line. It may be a proxy's HTML page, and it is not ours to trust.</summary>
    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(c => !char.IsControl(c)));
        return line.Length <= MaxDetail ? line : line[..MaxDetail] + "…";
    }
}
