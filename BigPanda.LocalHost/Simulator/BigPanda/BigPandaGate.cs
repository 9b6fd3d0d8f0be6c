namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>The key check and the rate limit of BigPanda's API, behind the log and the faults.</summary>
internal sealed class BigPandaGate(RequestGate gate, string apiKey, RateWindow rate)
{
    public RequestDelegate Route(string match, bool limited, Func<ApiRequest, IResult> handle) => Route([match], limited, handle);

    public RequestDelegate Route(string[] matches, bool limited, Func<ApiRequest, IResult> handle) => gate.Route(
        matches,
        request => !IsAuthorized(request) ? HtmlPage.Of(401)
            : limited && !rate.Admit() ? BigPandaResponses.Failure(429)
            : handle(request));

    private bool IsAuthorized(ApiRequest request) =>
        request.Context.Request.Headers.Authorization == $"Bearer {apiKey}"
        // The Alerts API also accepts the token in the query, for tools that cannot send headers.
        || (request.Context.Request.Path.StartsWithSegments("/data") && request.Query("access_token") == apiKey);
}
