using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Http;

/// <summary>What an API call needs and cannot reach: the response is a 503 that says to try again, and the log says why.</summary>
internal sealed partial record StoreOutage(Problem Problem, string Store)
{
    public static readonly StoreOutage Tables = new(Problems.TableStorageUnavailable, "Table Storage");
    public static readonly StoreOutage Connections = new(Problems.ConnectionStoreUnavailable, "Key Vault or Table Storage");
    public static readonly StoreOutage Queues = new(Problems.QueuesUnavailable, "Service Bus or Table Storage");

    /// <param name="logger">The function's.</param>
    public Task<IResult> CatchAsync(HttpRequest request, ILogger logger, Func<Task<IResult>> handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StorageError.CatchOutageAsync(
            handle,
            reason =>
            {
                Log.Unavailable(logger, request.Method, Store, reason);
                return Problem.RetryLater(request.HttpContext.Response, $"{Store} is unavailable. Send the request again after the Retry-After delay.");
            },
            cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A {Method} request needs {Store}, which is unavailable; returned 503: {Reason}")]
        public static partial void Unavailable(ILogger logger, string method, string store, string reason);
    }
}
