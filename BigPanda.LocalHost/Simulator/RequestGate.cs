using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace BigPanda.LocalHost.Simulator;

/// <summary>Runs before every API route: the request log and faults.</summary>
/// <param name="respond">The vendor's response with a status.</param>
internal sealed class RequestGate(FaultBook faults, Func<int, IResult> respond, TimeProvider time, CancellationToken stopping)
{
    private const int BodyKept = 64 * 1024;

    public BoundedHistory<RecordedRequest> Log { get; } = new(10_000);

    /// <param name="matches">Faults of these apply.</param>
    /// <param name="respondHere">Null: as everywhere else.</param>
    public RequestDelegate Route(string[] matches, Func<ApiRequest, IResult> handle, Func<int, IResult>? respondHere = null) => async context =>
    {
        var request = await ApiRequest.ReadAsync(context);
        var at = time.GetUtcNow();
        var fault = faults.Take(matches);
        if (fault is { DelayMs: > 0 })
            await DelayAsync(fault.DelayMs);
        if (fault is { Reset: true } || stopping.IsCancellationRequested)
        {
            Record(request, at, status: 0);
            context.Abort();
            return;
        }
        var result = fault is { Status: { } status } ? CreateResponse(fault, status, respondHere ?? respond, context) : handle(request);
        if (fault is { LoseAnswer: true })
        {
            Record(request, at, status: 0);
            context.Abort();
            return;
        }
        // Before the response is sent, so that its receiver finds the request in the log.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.Date = time.GetUtcNow().ToString("R");
            Record(request, at, context.Response.StatusCode);
            return Task.CompletedTask;
        });
        if (fault is { DripMs: > 0 })
            await DripAsync(result, context, TimeSpan.FromMilliseconds(fault.DripMs));
        else
            await result.ExecuteAsync(context);
    };

    private async Task DripAsync(IResult result, HttpContext context, TimeSpan pause)
    {
        var caller = context.Response.Body;
        using var whole = new MemoryStream();
        context.Response.Body = whole;
        await result.ExecuteAsync(context);
        context.Response.Body = caller;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        foreach (var part in whole.ToArray().Chunk(1))
        {
            await Task.Delay(pause, time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
                return;
            await caller.WriteAsync(part);
            await caller.FlushAsync();
        }
    }

    // Not cancelled with the caller: the vendor completes the call in any case.
    private async Task DelayAsync(int milliseconds) =>
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Record(ApiRequest request, DateTimeOffset at, int status)
    {
        var target = request.Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var body = request.Body.Length > BodyKept ? request.Body[..BodyKept] : request.Body;
        Log.Add(new(at, request.Context.Request.Method, target.Split('?')[0], status, body.Length == 0 ? null : body));
    }

    private static IResult CreateResponse(Fault fault, int status, Func<int, IResult> respond, HttpContext context)
    {
        if (fault.RetryAfter is not null)
            context.Response.Headers.RetryAfter = fault.RetryAfter;
        return fault switch
        {
            { Body: { } body } => Results.Text(body, fault.Html ? "text/html" : "application/json", Encoding.UTF8, status),
            { Html: true } => HtmlPage.Of(status),
            _ => respond(status),
        };
    }
}
