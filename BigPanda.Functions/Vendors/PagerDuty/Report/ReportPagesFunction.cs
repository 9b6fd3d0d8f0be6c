using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Vendors.PagerDuty.Report;

/// <summary><c>GET /pagerduty/report?days=</c>: in shadow mode, the differences between what the bridge would have paged and what others have.</summary>
public sealed class ReportPagesFunction(ShadowReport report, ILogger<ReportPagesFunction> logger)
{
    private const int DefaultDays = 7;
    private const int MaxDays = 90;

    [Function("ReportPages")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "pagerduty/report")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (days, problem) = QueryText.NumberOf(request.Query, "days", DefaultDays, MaxDays);
        if (problem is not null) return Task.FromResult(problem);
        return StoreOutage.Tables.CatchAsync(
            request, logger,
            async () => JsonResponse.Of(
                await report.CreateAsync(TimeSpan.FromDays(days), cancellationToken), ShadowReportJson.Default.ShadowReportView),
            cancellationToken);
    }
}
