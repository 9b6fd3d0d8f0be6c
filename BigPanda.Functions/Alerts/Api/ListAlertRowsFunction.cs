using System.Globalization;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Api;

/// <summary>
/// <c>GET /alert-rows</c>: what the console's list shows, in one compressed document with an ETag. Not below <c>alerts/</c>, where it would take
/// the address of an incident with the id "rows".
/// </summary>
public sealed class ListAlertRowsFunction(AlertRowCache cache, ILogger<ListAlertRowsFunction> logger)
{
    /// <summary>Milliseconds until it is worth asking again.</summary>
    private const string NextHeader = "x-next-in";

    /// <summary>
    /// When the tables were read, as milliseconds since 1970 by their own clock. Another instance may answer the next request, with what it has read before:
    /// the console drops what is older than what it shows.
    /// </summary>
    private const string ReadHeader = "x-read-at";

    [Function("ListAlertRows")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "alert-rows")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreOutage.Tables.CatchAsync(request, logger, () => SendAsync(request, cancellationToken), cancellationToken);
    }

    private async Task<IResult> SendAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (document, readAt, nextIn) = await cache.GetAsync(cancellationToken);
        var (response, coding) = (request.HttpContext.Response, ContentCoding.Choose(request));
        response.Headers[NextHeader] = Math.Ceiling(nextIn.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        response.Headers[ReadHeader] = readAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        ContentCoding.Describe(response, coding);
        return Results.Bytes(document.In(coding), "application/json; charset=utf-8", entityTag: document.TagOf(coding));
    }
}
