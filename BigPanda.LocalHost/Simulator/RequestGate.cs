using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace BigPanda.LocalHost.Simulator;

/// <summary>What every call of the API passes before its route: the request log, the fault book, the key, the limit.</summary>
internal sealed class RequestGate(SimulatorOptions options, FaultBook faults, RateWindow rate, TimeProvider time)
{
    private const int BodyKept = 64 * 1024;

    public BoundedHistory<RecordedRequest> Log { get; } = new(10_000);

    public RequestDelegate Route(string? match, bool limited, Func<ApiRequest, IResult> answer) => async context =>
    {
        var request = await ApiRequest.ReadAsync(context);
        Record(request);
        if (match is not null && faults.Take(match) is { } fault)
        {
            if (fault.DelayMs > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), time, context.RequestAborted);
            if (fault.Reset)
            {
                Add(request, time.GetUtcNow(), status: 0);
                context.Abort();
                return;
            }
            if (fault.Status is { } status)
            {
                await Answer(fault, status, context).ExecuteAsync(context);
                return;
            }
        }
        var result = !IsAuthorized(request) ? BigPandaAnswers.Html(401)
            : limited && !rate.Admit() ? BigPandaAnswers.Failure(429)
            : answer(request);
        await result.ExecuteAsync(context);
    };

    // Recorded before the answer leaves: whoever has the answer finds the request in the log.
    private void Record(ApiRequest request)
    {
        var at = time.GetUtcNow();
        request.Context.Response.OnStarting(() =>
        {
            Add(request, at, request.Context.Response.StatusCode);
            return Task.CompletedTask;
        });
    }

    private void Add(ApiRequest request, DateTimeOffset at, int status)
    {
        var target = request.Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var body = request.Body.Length > BodyKept ? request.Body[..BodyKept] : request.Body;
        Log.Add(new(at, request.Context.Request.Method, target.Split('?')[0], status, body.Length == 0 ? null : body));
    }

    private static IResult Answer(Fault fault, int status, HttpContext context)
    {
        if (fault.RetryAfter is not null)
            context.Response.Headers.RetryAfter = fault.RetryAfter;
        return fault switch
        {
            { Body: { } body } => Results.Text(body, fault.Html ? "text/html" : "application/json", Encoding.UTF8, status),
            { Html: true } => BigPandaAnswers.Html(status),
            _ when status == 204 => Results.NoContent(),
            _ when status < 300 => BigPandaAnswers.Done(status),
            _ => BigPandaAnswers.Failure(status),
        };
    }

    private bool IsAuthorized(ApiRequest request) =>
        request.Context.Request.Headers.Authorization == $"Bearer {options.ApiKey}"
        // The Alerts API also takes the token in the address, for tools that cannot send headers.
        || (request.Context.Request.Path.StartsWithSegments("/data") && request.Query("access_token") == options.ApiKey);
}
