using System.Diagnostics;
using BigPanda.Functions.Http;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Audit;

/// <summary>
/// Keeps who changed what. The entry is saved before the function runs, so that nothing is changed without one: while it cannot be saved, the request gets
/// 503. What came of the request is saved afterwards, and is a log line besides.
/// </summary>
public sealed partial class AuditTrail(AuditStore store, TimeProvider time, ILogger<AuditTrail> logger)
{
    private const string RoutePrefix = "/api/";

    /// <summary>Of the same operations for people who have signed in.</summary>
    private const string ConsolePrefix = "console/api/";

    /// <param name="function">Its name.</param>
    /// <param name="handle">Runs it; null for a function without a result.</param>
    internal async Task<IResult?> RunAsync(string function, HttpRequest request, Func<Task<IResult?>> handle, CancellationToken cancellationToken)
    {
        if (AuditedFunctions.Find(function) is not { } audited) return await handle();
        return await StoreOutage.Tables.CatchAsync(request, logger, () => BeginAsync(audited, request, cancellationToken), cancellationToken) switch
        {
            Begun(var entry) => await HandleAsync(entry, request, handle),
            var outage => outage,
        };
    }

    private async Task<IResult> BeginAsync(AuditedFunction audited, HttpRequest request, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var trace = Activity.Current?.TraceId.ToHexString() ?? request.HttpContext.TraceIdentifier;
        var entry = new AuditEntry(AuditStore.NewId(at), at, audited.Action, RequestNote.Of(request).Actor, trace) { Target = TargetOf(audited, request) };
        await store.AddAsync(entry, cancellationToken);
        return new Begun(entry);
    }

    private async Task<IResult?> HandleAsync(AuditEntry entry, HttpRequest request, Func<Task<IResult?>> handle)
    {
        try
        {
            var result = await handle();
            await EndAsync(entry, request, (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK, Problems.CodeOf(result));
            return result;
        }
        catch (BadHttpRequestException e)
        {
            await EndAsync(entry, request, e.StatusCode, Problems.Unreadable(e.StatusCode).Code);
            throw;
        }
        catch
        {
            await EndAsync(entry, request, StatusCodes.Status500InternalServerError, Problems.InternalError.Code);
            throw;
        }
    }

    /// <summary>The request is answered, whatever becomes of this: the entry says that it was begun.</summary>
    private async Task EndAsync(AuditEntry begun, HttpRequest request, int status, string? code)
    {
        var note = RequestNote.Of(request);
        var entry = begun with
        {
            Actor = note.Actor,
            Target = note.Target ?? begun.Target,
            Detail = note.Detail,
            Result = status < 400 ? AuditResult.Ok : status < 500 ? AuditResult.Refused : AuditResult.Failed,
            Status = status,
            Code = code,
        };
        Log.Ended(logger, entry.Action, entry.Actor, entry.Target, entry.Detail, entry.Result, status, code, entry.Id);
        await StorageError.CatchOutageAsync(
            () => store.EndAsync(entry, CancellationToken.None), reason => Log.NotEnded(logger, entry.Id, reason), CancellationToken.None);
    }

    private static string? TargetOf(AuditedFunction audited, HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        var at = path.IndexOf(RoutePrefix, StringComparison.OrdinalIgnoreCase);
        var route = path[(at < 0 ? 0 : at + RoutePrefix.Length)..];
        var segments = (route.StartsWith(ConsolePrefix, StringComparison.OrdinalIgnoreCase) ? route[ConsolePrefix.Length..] : route).Split('/');
        return audited.TargetSegment is { } index && index < segments.Length ? RequestNote.Fit(RouteText.Readings(segments[index]).First()) : null;
    }

    /// <summary>Not an answer: the entry is saved.</summary>
    private sealed record Begun(AuditEntry Entry) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => throw new NotSupportedException();
    }

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information, "Audit: {Action} by {Actor} on {Target} ({Detail}): {Result}, status {Status}, {Code}. Entry {EntryId}")]
        public static partial void Ended(
            ILogger logger, string action, string actor, string? target, string? detail, AuditResult result, int status, string? code, string entryId);

        [LoggerMessage(
            2, LogLevel.Error, "Could not save what came of the request of audit entry {EntryId}: it stays begun. The line before says it: {Reason}")]
        public static partial void NotEnded(ILogger logger, string entryId, string reason);
    }
}
