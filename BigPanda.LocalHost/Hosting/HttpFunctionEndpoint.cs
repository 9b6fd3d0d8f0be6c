using BigPanda.Functions.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Answers one HTTP function's requests. Every request passes here: no logging, no allocation that is not needed.</summary>
internal sealed partial class HttpFunctionEndpoint(HttpFunction function, FunctionKey key, ILogger logger)
{
    private readonly bool _needsKey = function.Level != AuthorizationLevel.Anonymous;

    public async Task AnswerAsync(HttpContext context)
    {
        if (_needsKey && !key.Admits(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            ResponseHeaders.Set(context.Response);
            var result = await function.Invoke(context.RequestServices, context);
            await result.ExecuteAsync(context);
        }
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer, however the call it waited for has ended.
            Log.CallerGone(logger, failure, function.Name);
        }
        catch (BadHttpRequestException refused)
        {
            await AnswerProblemAsync(context, refused.StatusCode);
        }
        catch (Exception failure)
        {
            Log.FunctionFailed(logger, failure, function.Name);
            await AnswerProblemAsync(context, StatusCodes.Status500InternalServerError);
        }
    }

    // What went wrong is for the log; the answer must not carry it.
    private static Task AnswerProblemAsync(HttpContext context, int statusCode)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        ResponseHeaders.Set(context.Response);
        return Results.Problem(statusCode: statusCode).ExecuteAsync(context);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Function {Function} failed")]
        public static partial void FunctionFailed(ILogger logger, Exception failure, string function);

        [LoggerMessage(2, LogLevel.Debug, "The caller of {Function} hung up")]
        public static partial void CallerGone(ILogger logger, Exception failure, string function);
    }
}
