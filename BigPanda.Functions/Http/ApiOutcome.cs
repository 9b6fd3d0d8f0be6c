namespace BigPanda.Functions.Http;

internal enum ApiResult
{
    /// <summary>2xx.</summary>
    Done,

    /// <summary>409: things are already as asked.</summary>
    Conflict,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>401 or 403: our key or its role is at fault, not the request.</summary>
    NotAllowed,

    /// <summary>Any other 4xx, a redirect or 501: the same request will never do.</summary>
    Rejected,

    /// <summary>429, 5xx, a timeout or no connection: later it may do.</summary>
    Unavailable,
}

/// <summary>What came of a call to another system.</summary>
/// <param name="Detail">For people: the status and what the other side said, shortened.</param>
/// <param name="RetryAfter">How long the other side asks to be left alone.</param>
/// <param name="Body">What a successful call answered.</param>
internal sealed record ApiOutcome(ApiResult Result, int? Status, string Detail, TimeSpan? RetryAfter = null, string? Body = null);
