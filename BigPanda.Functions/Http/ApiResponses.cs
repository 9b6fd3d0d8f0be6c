using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace BigPanda.Functions.Http;

/// <summary>The one place where a call's answer, or its absence, becomes an <see cref="ApiOutcome"/>.</summary>
internal static class ApiResponses
{
    private const int MaxDetail = 300;
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <param name="secrets">What the request carries and nobody may read; the other side may quote it.</param>
    public static async Task<ApiOutcome> SendAsync(HttpClient client, HttpRequestMessage request, TimeProvider time, IReadOnlyList<string> secrets, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var result = Classify(response.StatusCode);
            // Not as text: a charset nobody knows would make that throw.
            var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var said = result == ApiResult.Done ? "" : OneLine(Without(secrets, body));
            var detail = $"{(int)response.StatusCode} {response.StatusCode}{(said.Length > 0 ? ": " + said : "")}";
            return new ApiOutcome(result, (int)response.StatusCode, detail, RetryAfter(response.Headers.RetryAfter, time), result == ApiResult.Done ? body : null);
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

    public static ApiResult Classify(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => ApiResult.Done,
        401 or 403 => ApiResult.NotAllowed,
        404 => ApiResult.NotFound,
        409 => ApiResult.Conflict,
        408 or 425 or 429 => ApiResult.Unavailable,
        501 => ApiResult.Rejected,
        >= 500 => ApiResult.Unavailable,
        _ => ApiResult.Rejected,
    };

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, TimeProvider time)
    {
        var asked = header?.Delta ?? header?.Date - time.GetUtcNow();
        return asked is not { } wait || wait <= TimeSpan.Zero ? null : wait > MaxRetryAfter ? MaxRetryAfter : wait;
    }

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
