using System.Net.Sockets;
using Azure;
using Azure.Identity;

namespace BigPanda.Functions.Storage;

/// <summary>Tells an outage of Table Storage, which passes, from a refusal, which does not.</summary>
internal static class StorageError
{
    /// <summary>
    /// Timeouts, throttling (429, 503), server errors, no connection at all (status 0); and a role or a table that is missing,
    /// which somebody will mend: what waits for it must not be given up.
    /// </summary>
    public static bool IsOutage(Exception e) => e switch
    {
        RequestFailedException refused => refused.Status is 0 or 401 or 403 or 404 or 408 or 429 or >= 500,
        AuthenticationFailedException or OutageException => true,
        // Azure.Core reports the attempts of its retry policy together.
        AggregateException many => many.InnerExceptions.All(IsOutage),
        HttpRequestException or SocketException or IOException or TimeoutException or UnauthorizedAccessException => true,
        // A request that ran into Azure.Core's network timeout; the caller's own cancellation is checked by the caller.
        TaskCanceledException => true,
        _ => false,
    };

    /// <summary>For a log line: without the answer's body and headers, which the clients put behind their text and which may repeat what was sent.</summary>
    public static string Describe(Exception e) => e switch
    {
        RequestFailedException { Status: > 0 } refused => $"{refused.Status} {refused.ErrorCode}".TrimEnd(),
        AggregateException many => string.Join("; ", many.InnerExceptions.Select(Describe).Distinct()),
        _ => e.Message.Split('\n', 2)[0].TrimEnd(),
    };

    public static bool IsConflict(RequestFailedException e) => e.Status is 409 or 412;
}

/// <summary>Something of ours that passes by itself is in the way: the work is tried again until it does.</summary>
public class OutageException(string message) : Exception(message);
