using BigPanda.Functions.Reconciliation;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Vendors.PagerDuty.Reconciliation;

internal static class PagerDutyReconciliationServices
{
    public static IServiceCollection AddPagerDutyReconciliation(this IServiceCollection services) =>
        services.AddTransient<IReconciledSystem, PagerDutyComparison>();
}
