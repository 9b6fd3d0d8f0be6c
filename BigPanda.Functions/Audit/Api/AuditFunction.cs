using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Audit.Api;

/// <summary><c>GET /audit</c>: who changed what through the API, newest first.</summary>
public sealed class AuditFunction(AuditStore store, TimeProvider time, ILogger<AuditFunction> logger)
{
    [Function("ListAudit")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "audit")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (query, problem) = AuditQueryReader.Read(request.Query, time.GetUtcNow());
        return query is null
            ? Task.FromResult(problem ?? Problems.InvalidParameter.With(""))
            : StoreOutage.Tables.CatchAsync(
                request, logger, async () => JsonResponse.Of(await ReadAsync(query, cancellationToken), AuditViewJson.Default.AuditPage), cancellationToken);
    }

    private async Task<AuditPage> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var (entries, next) = await store.ListAsync(query, cancellationToken);
        return new AuditPage([.. entries.Select(AuditView.Of)], next);
    }
}
