namespace BigPanda.Functions.Outbound;

internal enum ApiResult
{
    /// <summary>2xx, with a response that is the API's own.</summary>
    Done,

    /// <summary>409: the requested state exists already.</summary>
    Conflict,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>401 or 403: the key or its role has to change, not the request.</summary>
    NotAllowed,

    /// <summary>Any other 4xx or 501: the same request will never succeed.</summary>
    Rejected,

    /// <summary>
    /// 429, 5xx, a timeout or no TCP connection: may succeed later. Also when a gateway or sign-in page answered instead of the API: by a redirect, or a
    /// 2xx with a body that is not the API's.
    /// </summary>
    Unavailable,

    /// <summary>The call was no longer wanted when its turn came: nothing was sent.</summary>
    NotSent,
}

/// <summary>The result of a call to another system's API.</summary>
/// <param name="Detail">The status and the start of the response's text, for people.</param>
/// <param name="RetryAfter">The delay that the API asked for.</param>
/// <param name="Body">The body of a successful response.</param>
internal sealed record ApiOutcome(ApiResult Result, int? Status, string Detail, TimeSpan? RetryAfter = null, string? Body = null)
{
    /// <summary>By the API's clock, in whole seconds; null where the response does not say.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Without a response, or after an error of the server, the call may have been carried out.</summary>
    public bool MayBeDone => Status is null or >= 500;
}

/// <summary>Checks that a 2xx is the API's own response and not that of a gateway.</summary>
/// <returns>What is wrong with it, to follow "but" in a sentence; null when it is the API's.</returns>
internal delegate string? ResponseCheck(int status, string? mediaType, string body);

/// <summary>Reads an error response in the vendor's form.</summary>
/// <returns>Null when it has another form.</returns>
internal delegate ApiError? ErrorReader(int status, string body);

/// <param name="Text">The vendor's message.</param>
/// <param name="Result">Null to go by the status.</param>
/// <param name="Status">The status that the error stands for, where it was sent with another.</param>
internal sealed record ApiError(string Text, ApiResult? Result = null, int? Status = null);

/// <param name="Check">Null accepts every 2xx.</param>
/// <param name="NeedsBody">False when a 2xx counts although its body cannot be read.</param>
internal sealed record ResponseRules(ResponseCheck? Check = null, ErrorReader? Error = null, bool NeedsBody = true);
