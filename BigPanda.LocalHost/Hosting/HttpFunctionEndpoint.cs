using BigPanda.Functions.Audit;
using BigPanda.Functions.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Handles one HTTP function's requests. The hot path of every request: no logging, no avoidable allocation.</summary>
internal sealed partial class HttpFunctionEndpoint(HttpFunction function, FunctionKey key, ILogger logger)
{
    private readonly bool _isAudited = AuditedFunctions.Find(function.Name) is not null;
    private readonly bool _needsKey = function.Level != AuthorizationLevel.Anonymous;

    public async Task HandleAsync(HttpContext context)
    {
        if (_needsKey && !key.Admits(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            await (await InvokeAsync(context)).ExecuteAsync(context);
        }
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has disconnected: there is no response to write, whatever the outcome.
            Log.CallerDisconnected(logger, failure, function.Name);
        }
        catch (BadHttpRequestException refused)
        {
            await WriteProblemAsync(context, Problems.Unreadable(refused.StatusCode).With(refused.Message));
        }
        catch (Exception failure)
        {
            Log.FunctionFailed(logger, failure, function.Name);
            await WriteProblemAsync(context, Problems.InternalError.With("The request failed. The log says why."));
        }
    }

    /// <summary>What changes something is in the audit trail; the others, webhooks among them, do not ask for it.</summary>
    private async Task<IResult> InvokeAsync(HttpContext context)
    {
        if (!_isAudited) return await function.Invoke(context.RequestServices, context);
        var result = await context.RequestServices.GetRequiredService<AuditTrail>().RunAsync(
            function.Name, context.Request, async () => await function.Invoke(context.RequestServices, context), context.RequestAborted);
        return result ?? throw new InvalidOperationException($"{function.Name} returned no result.");
    }

    // The response must not reveal the failure; it is logged.
    private static Task WriteProblemAsync(HttpContext context, IResult problem)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        ResponseHeaders.Set(context.Response);
        return problem.ExecuteAsync(context);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Function {Function} failed")]
        public static partial void FunctionFailed(ILogger logger, Exception failure, string function);

        [LoggerMessage(2, LogLevel.Debug, "The caller of {Function} disconnected")]
        public static partial void CallerDisconnected(ILogger logger, Exception failure, string function);
    }
}
