using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>Runs before every API route: the request log, faults, the key check, the rate limit.</summary>
internal sealed class RequestGate(SimulatorOptions options, FaultBook faults, RateWindow rate, TimeProvider time, CancellationToken stopping)
{
    private const int BodyKept = 64 * 1024;

    public BoundedHistory<RecordedRequest> Log { get; } = new(10_000);

    public RequestDelegate Route(string? match, bool limited, Func<ApiRequest, IResult> handle) => async context =>
    {
        var request = await ApiRequest.ReadAsync(context);
        var at = time.GetUtcNow();
        var fault = match is null ? null : faults.Take(match);
        if (fault is { DelayMs: > 0 })
            await DelayAsync(fault.DelayMs);
        if (fault is { Reset: true } || stopping.IsCancellationRequested)
        {
            Record(request, at, status: 0);
            context.Abort();
            return;
        }
        var result = fault is { Status: { } status } ? CreateResponse(fault, status, context)
            : !IsAuthorized(request) ? BigPandaResponses.Html(401)
            : limited && !rate.Admit() ? BigPandaResponses.Failure(429)
            : handle(request);
        if (fault is { LoseAnswer: true })
        {
            Record(request, at, status: 0);
            context.Abort();
            return;
        }
        // Before the response is sent, so that its receiver finds the request in the log.
        context.Response.OnStarting(() =>
        {
            Record(request, at, context.Response.StatusCode);
            return Task.CompletedTask;
        });
        await result.ExecuteAsync(context);
    };

    // Not cancelled with the caller: BigPanda completes the call in any case.
    private async Task DelayAsync(int milliseconds) =>
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Record(ApiRequest request, DateTimeOffset at, int status)
    {
        var target = request.Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var body = request.Body.Length > BodyKept ? request.Body[..BodyKept] : request.Body;
        Log.Add(new(at, request.Context.Request.Method, target.Split('?')[0], status, body.Length == 0 ? null : body));
    }

    private static IResult CreateResponse(Fault fault, int status, HttpContext context)
    {
        if (fault.RetryAfter is not null)
            context.Response.Headers.RetryAfter = fault.RetryAfter;
        return fault switch
        {
            { Body: { } body } => Results.Text(body, fault.Html ? "text/html" : "application/json", Encoding.UTF8, status),
            { Html: true } => BigPandaResponses.Html(status),
            _ when status == 204 => Results.NoContent(),
            _ when status < 300 => BigPandaResponses.Done(status),
            _ => BigPandaResponses.Failure(status),
        };
    }

    private bool IsAuthorized(ApiRequest request) =>
        request.Context.Request.Headers.Authorization == $"Bearer {options.ApiKey}"
        // The Alerts API also accepts the token in the query, for tools that cannot send headers.
        || (request.Context.Request.Path.StartsWithSegments("/data") && request.Query("access_token") == options.ApiKey);
}
