using BigPanda.Functions.Http;

namespace BigPanda.LocalHost.Hosting;

/// <summary>POST /admin/functions/{name}: runs a timer function now, as the Functions host does.</summary>
internal sealed class AdminEndpoint(FunctionKey key, Timers timers)
{
    public const string Route = "/admin/functions/{name}";

    public Task HandleAsync(HttpContext context)
    {
        if (!key.Admits(context.Request))
            return Results.StatusCode(StatusCodes.Status401Unauthorized).ExecuteAsync(context);

        var name = context.Request.RouteValues["name"] as string ?? "";
        var answer = timers.TryRunInBackground(name)
            ? Results.StatusCode(StatusCodes.Status202Accepted)
            : Problems.TimerNotFound.With("No timer function has this name.");
        return answer.ExecuteAsync(context);
    }
}
