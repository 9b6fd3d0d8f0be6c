namespace BigPanda.Functions.Http;

internal enum ApiResult
{
    /// <summary>2xx, and the answer is the other side's.</summary>
    Done,

    /// <summary>409: things are already as asked.</summary>
    Conflict,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>401 or 403: our key or its role is at fault, not the request.</summary>
    NotAllowed,

    /// <summary>Any other 4xx or 501: the same request will never do.</summary>
    Rejected,

    /// <summary>
    /// 429, 5xx, a timeout or no connection: later it may do. So too when something else answered in the other side's place: a redirect, which
    /// an API does not send but a gateway or a sign-in page does, or a 2xx with another body than the other side's.
    /// </summary>
    Unavailable,

    /// <summary>Asked directly before the call, its caller did not want it any more: nothing was sent.</summary>
    NotSent,
}

/// <summary>What came of a call to another system.</summary>
/// <param name="Detail">For people: the status and what the other side said, shortened.</param>
/// <param name="RetryAfter">How long the other side asks to be left alone.</param>
/// <param name="Body">What a successful call answered.</param>
internal sealed record ApiOutcome(ApiResult Result, int? Status, string Detail, TimeSpan? RetryAfter = null, string? Body = null);

/// <summary>Whether a 2xx is the other side's answer and not that of something in between.</summary>
/// <returns>What is wrong with it, as the end of a sentence; null when nothing is.</returns>
internal delegate string? ResponseCheck(int status, string? mediaType, string body);
