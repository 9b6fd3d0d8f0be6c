using System.Net.Sockets;
using System.Text.Json;
using Azure;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Storage;

/// <summary>Distinguishes an outage of storage, vault or broker, which passes, from a refusal, which does not.</summary>
internal static class StorageError
{
    /// <summary>
    /// Timeouts, throttling (429, 503), server errors and no connection (status 0); also a missing role or table, which a person will fix:
    /// waiting messages must not be dead-lettered for it. The broker refuses nothing for good that this app sends.
    /// </summary>
    public static bool IsOutage(Exception e) => e switch
    {
        // An IOException, too: the caller's request broke off or came too slowly.
        BadHttpRequestException => false,
        RequestFailedException refused => refused.Status is 0 or 401 or 403 or 404 or 408 or 429 or >= 500,
        AuthenticationFailedException or ServiceBusException or OutageException => true,
        // Azure.Core's retry policy throws the errors of all its attempts together.
        AggregateException many => many.InnerExceptions.All(IsOutage),
        HttpRequestException or SocketException or IOException or TimeoutException or UnauthorizedAccessException => true,
        // Azure.Core's network timeout. Callers check their own cancellation.
        TaskCanceledException => true,
        _ => false,
    };

    /// <summary>Whatever the service answered, for work that can do without it.</summary>
    public static bool IsOutageOrRefusal(Exception e) => IsOutage(e) || e is RequestFailedException;

    /// <summary>For a function: an outage is its result and not a failed invocation, which would count as a defect and fire an alert.</summary>
    /// <param name="outage">Gets the description for a log line.</param>
    public static async Task<T> CatchOutageAsync<T>(Func<Task<T>> work, Func<string, T> outage, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (IsOutage(e) || e is OperationCanceledException))
        {
            return outage(Describe(e));
        }
    }

    /// <inheritdoc cref="CatchOutageAsync{T}"/>
    public static Task CatchOutageAsync(Func<Task> work, Action<string> outage, CancellationToken cancellationToken) => CatchOutageAsync(
        async () =>
        {
            await work();
            return true;
        },
        reason =>
        {
            outage(reason);
            return false;
        },
        cancellationToken);

    /// <summary>For a log line: without the response's body and headers, which the clients append and which may repeat what was sent.</summary>
    public static string Describe(Exception e) => e switch
    {
        RequestFailedException { Status: > 0 } refused => $"{refused.Status} {refused.ErrorCode}".TrimEnd(),
        AggregateException many => string.Join("; ", many.InnerExceptions.Select(Describe).Distinct()),
        _ => e.Message.Split('\n', 2)[0].TrimEnd(),
    };

    /// <summary>A row that this build cannot read: a newer version wrote it, or it is damaged. It must not block the others.</summary>
    public static bool IsUnreadable(Exception e) => e is RowTooNewException or InvalidDataException or JsonException;

    public static bool IsConflict(RequestFailedException e) => e.Status is 409 or 412;
}

/// <summary>A temporary condition blocks the work, which is retried until the condition passes.</summary>
public class OutageException(string message) : Exception(message);
